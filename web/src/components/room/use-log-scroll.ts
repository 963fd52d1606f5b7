// Keeps the reader's place: at the newest message while they are there, else where they read, also when older ones come above.
import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { RoomMessage } from "../../../../client/src/index.ts";

/** Closer than this to the end counts as being there, in px. */
const NEAR_END = 40;
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
  const first = useRef(messages[0]?.id);
  const last = useRef(messages.at(-1)?.id);
  // Measured while rendering, that is before the new messages are in the document.
  const before = scroller.current && { top: scroller.current.scrollTop, height: scroller.current.scrollHeight };

  useLayoutEffect(() => {
    const log = scroller.current;
    if (!log) return;
    const prepended = first.current !== messages[0]?.id;
    const spoke = last.current !== messages.at(-1)?.id && messages.at(-1)?.status === "pending";
    first.current = messages[0]?.id;
    last.current = messages.at(-1)?.id;
    if (atBottom.peek() || spoke) log.scrollTop = log.scrollHeight;
    else if (prepended && before) log.scrollTop = before.top + log.scrollHeight - before.height;
    if (log.scrollTop < NEAR_BEGINNING) loadOlder();
  }, [messages]);

  useEffect(() => {
    const log = scroller.current as HTMLElement;
    const onScroll = () => {
      atBottom.value = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
      if (log.scrollTop < NEAR_BEGINNING) loadOlder();
    };
    // A phone's keyboard, a longer draft, a turned screen or a line under a message change the height without a scroll.
    const resized = new ResizeObserver(() => {
      if (atBottom.peek()) log.scrollTop = log.scrollHeight;
    });
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
      const log = scroller.current as HTMLElement;
      log.scrollTop = log.scrollHeight;
      // The button goes away and must not take the focus with it.
      log.focus({ preventScroll: true });
    },
  };
}
