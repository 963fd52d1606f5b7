// Scrolling of the log: keeps the reader's place, goes to one's own new message, and brings more into the document near its
// ends.
import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { lastSaid } from "../../state/outbox.ts";
import type { LogEntry } from "./log-entries.ts";
import { LogWindow } from "./log-window.ts";
import { ReadingPlace } from "./scroll-anchor.ts";

/** Closer than this to an end of what is in the document brings more, in px. */
const NEAR = 800;

/** How many entries before those in the document stay in memory; twice as many are kept before that is seen to. */
const KEPT_BEFORE = 500;

interface LogScroll {
  /** The entries that are in the document, `end` excluded. */
  start: number;
  end: number;
  atBottom: Signal<boolean>;
  toBottom: () => void;
}

export function useLogScroll(
  scroller: RefObject<HTMLElement | null>,
  entries: readonly LogEntry[],
  loadOlder: () => void,
  forgetOlder: (before: number) => void,
): LogScroll {
  const atBottom = useSignal(true);
  const moves = useSignal(0);
  const place = useRef<ReadingPlace>(null);
  const shown = useRef(new LogWindow()).current;
  /** The id of the message written here that the log last went to. */
  const followed = useRef<string>(undefined);
  // What handlers and effects that outlive a render use.
  const current = useRef({ entries, loadOlder });
  current.current = { entries, loadOlder };

  void moves.value;
  const newest = entries.at(-1);
  const spoke = newest !== undefined && "id" in newest && newest.id === lastSaid && newest.id !== followed.current;
  if (spoke) shown.toEnd();
  const { start, end } = shown.range(entries, spoke || atBottom.peek());

  function bringMore(log: HTMLElement) {
    const { entries, loadOlder } = current.current;
    if (log.scrollTop < NEAR) {
      if (shown.older(entries)) moves.value++;
      else loadOlder();
    } else if (log.scrollHeight - log.scrollTop - log.clientHeight < NEAR && shown.newer(entries)) {
      moves.value++;
    }
  }

  useLayoutEffect(() => {
    const log = scroller.current as HTMLElement;
    place.current ??= new ReadingPlace(log);
    place.current.hasEnd = shown.hasEnd;
    if (spoke) {
      followed.current = newest.id;
      place.current.toEnd();
    } else place.current.keep();
    atBottom.value = place.current.atEnd;
    bringMore(log);
    const kept = entries[start - KEPT_BEFORE]?.seq;
    if (start > 2 * KEPT_BEFORE && kept !== undefined) forgetOlder(kept);
  });

  useEffect(() => {
    const log = scroller.current as HTMLElement;
    const onScroll = () => {
      place.current?.scrolled();
      atBottom.value = place.current?.atEnd ?? true;
      bringMore(log);
    };
    // A phone's keyboard, a longer draft, a turned screen or a line under a message change the height without a scroll.
    const resized = new ResizeObserver(() => place.current?.keep());
    resized.observe(log);
    resized.observe(log.firstElementChild as Element);
    log.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      resized.disconnect();
      log.removeEventListener("scroll", onScroll);
    };
  }, []);

  return {
    start,
    end,
    atBottom,
    toBottom: () => {
      shown.toEnd();
      if (place.current) place.current.atEnd = true;
      atBottom.value = true;
      moves.value++;
      // The button goes away and must not take the focus with it.
      scroller.current?.focus({ preventScroll: true });
    },
  };
}
