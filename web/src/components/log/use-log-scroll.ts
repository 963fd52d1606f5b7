// Scrolling of the log: keeps the reader's place, jumps to a message that was just written in this tab, and renders or
// loads more entries near the ends.
import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { logTarget } from "../../state/log-target.ts";
import { lastEnqueuedId } from "../../state/outbox.ts";
import type { LogEntry } from "./log-entries.ts";
import { LogWindow } from "./log-window.ts";
import { ScrollAnchor } from "./scroll-anchor.ts";

/** The distance from an end of the rendered entries, in px, below which more are rendered. */
const NEAR = 800;

/** How many entries stay in memory before the rendered ones. Older ones are dropped once there are twice as many. */
const KEPT_BEFORE = 500;

interface LogScroll {
  /** Indices of the rendered entries, `end` excluded. */
  start: number;
  end: number;
  atBottom: Signal<boolean>;
  scrollToBottom: () => void;
  /** Scrolls to the entry at this index and focuses it; with `top`, only scrolls to that distance from the log's top edge. */
  reveal: (index: number, top?: number) => void;
}

export function useLogScroll(
  scroller: RefObject<HTMLElement | null>,
  entries: readonly LogEntry[],
  loadOlder: () => void,
  forgetOlder: (before: number) => void,
  left: (place: { seq: number; top: number } | undefined) => void,
): LogScroll {
  const atBottom = useSignal(true);
  /** Increased to render again after the window has moved. */
  const moves = useSignal(0);
  const anchor = useRef<ScrollAnchor>(null);
  const logWindow = useRef(new LogWindow()).current;
  /** The id of the outbox entry to which the log has jumped last. */
  const jumpedTo = useRef<string>(undefined);
  /** The entry that is shown once it is rendered. */
  const revealed = useRef<Revealed>(undefined);
  // Current values for event handlers, which outlive a render.
  const current = useRef({ entries, loadOlder });
  current.current = { entries, loadOlder };

  void moves.value;
  const newest = entries.at(-1);
  const jumps =
    newest !== undefined && "id" in newest && newest.id === lastEnqueuedId && newest.id !== jumpedTo.current;
  if (jumps) logWindow.moveToEnd();
  const { start, end } = logWindow.range(entries, jumps || atBottom.peek());

  function renderMore(log: HTMLElement) {
    const { entries, loadOlder } = current.current;
    if (log.scrollTop < NEAR) {
      if (logWindow.moveUp(entries)) moves.value++;
      else loadOlder();
    } else if (log.scrollHeight - log.scrollTop - log.clientHeight < NEAR && logWindow.moveDown(entries)) {
      moves.value++;
    }
  }

  useLayoutEffect(() => {
    const log = scroller.current as HTMLElement;
    anchor.current ??= new ScrollAnchor(log);
    anchor.current.showsEnd = logWindow.isOpenEnded;
    if (jumps) {
      jumpedTo.current = newest.id;
      anchor.current.scrollToEnd();
    } else if (revealed.current === undefined) anchor.current.restore();
    else showEntry(log, anchor.current, revealed.current);
    revealed.current = undefined;
    atBottom.value = anchor.current.atEnd;
    renderMore(log);
    const oldestKept = entries[start - KEPT_BEFORE]?.seq;
    // What is loaded to find a message stays until it is found.
    const mayForget = start > 2 * KEPT_BEFORE && logTarget.peek() === undefined;
    if (mayForget && oldestKept !== undefined) forgetOlder(oldestKept);
  });

  useEffect(() => {
    const log = scroller.current as HTMLElement;
    const onScroll = () => {
      anchor.current?.scrolled();
      atBottom.value = anchor.current?.atEnd ?? true;
      renderMore(log);
    };
    // An on-screen keyboard, a growing composer, rotation or a line below a message change the height without a scroll.
    const resized = new ResizeObserver(() => anchor.current?.restore());
    resized.observe(log);
    resized.observe(log.querySelector(".log-content") as Element);
    log.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      left(anchor.current?.place);
      resized.disconnect();
      log.removeEventListener("scroll", onScroll);
    };
  }, []);

  return {
    start,
    end,
    atBottom,
    scrollToBottom: () => {
      logWindow.moveToEnd();
      if (anchor.current) anchor.current.atEnd = true;
      atBottom.value = true;
      moves.value++;
      // The button is about to be removed; the focus moves to the log.
      scroller.current?.focus({ preventScroll: true });
    },
    reveal: (index, top) => {
      const { entries } = current.current;
      logWindow.moveTo(entries, index);
      revealed.current = { seq: entries[index]?.seq, top };
      moves.value++;
    },
  };
}

interface Revealed {
  seq: number | undefined;
  top: number | undefined;
}

function showEntry(log: HTMLElement, anchor: ScrollAnchor, { seq, top }: Revealed): void {
  const entry = log.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
  if (entry && top !== undefined) anchor.show(entry, top);
  else if (entry) {
    anchor.show(entry);
    entry.tabIndex = -1;
    entry.focus({ preventScroll: true });
  } else anchor.restore();
}
