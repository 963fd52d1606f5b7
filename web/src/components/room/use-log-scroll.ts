// Scrolling of the log: keeps the reader's place, goes to one's own new message, and asks for older ones near the beginning.
import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { RoomMessage } from "../../../../client/src/index.ts";
import { ReadingPlace } from "./reading-place.ts";

/** Closer than this to the beginning asks for older messages, in px. */
const NEAR_BEGINNING = 800;

interface LogScroll {
  atBottom: Signal<boolean>;
  toBottom: () => void;
}

export function useLogScroll(
  scroller: RefObject<HTMLElement | null>,
  messages: readonly RoomMessage[],
  loadOlder: () => void,
): LogScroll {
  const atBottom = useSignal(true);
  const place = useRef<ReadingPlace>(null);
  const last = useRef<string | undefined>(undefined);

  useLayoutEffect(() => {
    const log = scroller.current as HTMLElement;
    place.current ??= new ReadingPlace(log);
    const newest = messages.at(-1);
    const spoke = newest?.status === "pending" && newest.id !== last.current;
    last.current = newest?.id;
    if (spoke) place.current.toEnd();
    else place.current.keep();
    atBottom.value = place.current.atEnd;
    if (log.scrollTop < NEAR_BEGINNING) loadOlder();
  });

  useEffect(() => {
    const log = scroller.current as HTMLElement;
    const onScroll = () => {
      place.current?.scrolled();
      atBottom.value = place.current?.atEnd ?? true;
      if (log.scrollTop < NEAR_BEGINNING) loadOlder();
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
    atBottom,
    toBottom: () => {
      place.current?.toEnd();
      atBottom.value = true;
      // The button goes away and must not take the focus with it.
      scroller.current?.focus({ preventScroll: true });
    },
  };
}
