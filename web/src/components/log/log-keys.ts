// Keys in the log, which is one stop of the Tab key: up and down go from one entry to another, left and right through the
// buttons and links of a message.
import { nextItem } from "../../browser/roving-focus.ts";

const ENTRIES = ".message, .room-notice";
const WITHIN = "a[href], button";

/** Returns a function that ends it. */
export function handleLogKeys(log: HTMLElement, scrollToBottom: () => void): () => void {
  /** The entry that the Tab key leads to. Without one, it leads to the log. */
  let stop: HTMLElement | undefined;

  function moveStop(entry: HTMLElement | undefined): void {
    if (stop) stop.tabIndex = -1;
    stop = entry;
    log.tabIndex = entry ? -1 : 0;
    if (entry) entry.tabIndex = 0;
  }

  function goTo(entry: HTMLElement): void {
    moveStop(entry);
    entry.focus({ preventScroll: true });
    entry.scrollIntoView({ block: "nearest" });
  }

  function onKeyDown(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, altKey } = event;
    const target = event.target as Element;
    if (event.defaultPrevented || ctrlKey || metaKey || altKey || target.closest("dialog")) return;
    const entry = target.closest<HTMLElement>(ENTRIES) ?? undefined;
    if (key === "ArrowLeft" || key === "ArrowRight") {
      if (entry) step(entry, key === "ArrowRight" ? 1 : -1);
      else return;
    } else if (key === "Escape" && entry && target !== entry) {
      entry.focus({ preventScroll: true });
    } else {
      const next = nextItem(entriesOf(log), entry ?? lastOnScreen(log), key);
      if (!next) return;
      if (key === "End") scrollToBottom();
      // From the log, the first key goes to what is on screen.
      goTo(entry || key === "Home" || key === "End" ? next : (lastOnScreen(log) ?? next));
    }
    event.preventDefault();
  }

  function onFocusIn({ target }: FocusEvent): void {
    const entry = (target as Element).closest<HTMLElement>(ENTRIES);
    if (entry) moveStop(entry);
  }

  /** Takes what is within entries out of the order of the Tab key. */
  function leaveOut(root: Element): void {
    for (const each of root.querySelectorAll<HTMLElement>(WITHIN)) {
      if (each.tabIndex === 0 && each.closest(ENTRIES) && !each.closest("dialog, .actions.open")) each.tabIndex = -1;
    }
  }

  leaveOut(log);
  const changes = new MutationObserver((records) => {
    for (const { addedNodes, target } of records) {
      // An added entry is looked through itself; its list, with hundreds of others, is not.
      for (const node of addedNodes)
        if (node instanceof Element) leaveOut(node.matches(WITHIN) ? (target as Element) : node);
    }
    if (stop && !stop.isConnected) moveStop(undefined);
  });
  changes.observe(log, { childList: true, subtree: true });
  log.addEventListener("keydown", onKeyDown);
  log.addEventListener("focusin", onFocusIn);
  return () => {
    changes.disconnect();
    log.removeEventListener("keydown", onKeyDown);
    log.removeEventListener("focusin", onFocusIn);
  };
}

/** Focuses the next or previous button or link of an entry, from the last one again the first. */
function step(entry: HTMLElement, by: 1 | -1): void {
  const within = [...entry.querySelectorAll<HTMLElement>(WITHIN)].filter((each) => !each.hasAttribute("disabled"));
  const at = within.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 && by < 0 ? within.at(-1) : (within[(at + by) % within.length] ?? within.at(-1));
  next?.focus();
}

function entriesOf(log: HTMLElement): HTMLElement[] {
  return [...log.querySelectorAll<HTMLElement>(ENTRIES)];
}

function lastOnScreen(log: HTMLElement): HTMLElement | undefined {
  const { bottom } = log.getBoundingClientRect();
  return entriesOf(log).findLast((entry) => entry.getBoundingClientRect().top < bottom);
}
