// A long press on a message of a touch screen opens its actions.
import { actionMenu } from "../../state/editing.ts";
import { messages } from "../../state/joined-room.ts";

const PRESS_MS = 500;
/** How far a finger may move, in px, without being taken for scrolling. */
const STILL = 10;

/** Returns a function that ends it. */
export function handleLongPress(log: HTMLElement): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let from = { x: 0, y: 0 };
  let hasOpened = false;
  const end = () => clearTimeout(timer);

  function onPointerDown({ target, isPrimary, clientX, clientY }: PointerEvent): void {
    end();
    const row = (target as Element).closest<HTMLElement>(".bubble, .message-header")?.closest<HTMLElement>(".message");
    if (!isPrimary || !row || (target as Element).closest("a, button")) return;
    from = { x: clientX, y: clientY };
    timer = setTimeout(() => {
      hasOpened = true;
      open(row);
    }, PRESS_MS);
  }

  /** Otherwise lifting the finger presses what the sheet has put under it. */
  function onTouchEnd(event: TouchEvent): void {
    if (hasOpened && event.cancelable) event.preventDefault();
    hasOpened = false;
  }

  function onPointerMove({ clientX, clientY }: PointerEvent): void {
    if (Math.hypot(clientX - from.x, clientY - from.y) > STILL) end();
  }

  /** The browser's own menu, except for links. */
  function onContextMenu(event: Event): void {
    const target = event.target as Element;
    if (target.closest(".bubble") && !target.closest("a")) event.preventDefault();
  }

  log.addEventListener("pointerdown", onPointerDown);
  log.addEventListener("touchend", onTouchEnd);
  log.addEventListener("pointermove", onPointerMove);
  log.addEventListener("contextmenu", onContextMenu);
  const ends = ["pointerup", "pointercancel", "scroll"];
  for (const each of ends) log.addEventListener(each, end, { passive: true });
  return () => {
    end();
    log.removeEventListener("pointerdown", onPointerDown);
    log.removeEventListener("touchend", onTouchEnd);
    log.removeEventListener("pointermove", onPointerMove);
    log.removeEventListener("contextmenu", onContextMenu);
    for (const each of ends) log.removeEventListener(each, end);
  };
}

function open(row: HTMLElement): void {
  const message = messages.peek().find(({ seq }) => seq !== undefined && seq === Number(row.dataset.seq));
  // A closed room has no actions.
  if (!message || message.deletedAt || !row.querySelector(".more-button")) return;
  // The sheet gives the focus back to it.
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  actionMenu.value = { message, mode: "toolbar" };
}
