// Above the composer while the room is in slow mode: how often one can write, and after each message how long to wait.
import { useComputed, useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Room } from "../../../../client/src/index.ts";
import { announce } from "../../state/announcer.ts";
import { messages, notices, yourId } from "../../state/joined-room.ts";
import { slowModeLeft } from "../../state/slow-mode.ts";
import { slowModeText } from "../../text/rules-text.ts";
import { timeLeft } from "../../text/time.ts";
import { Icon } from "../icon.tsx";

export function SlowMode({ room, seconds }: { room: Room; seconds: number }) {
  /** The number from which on messages count, as far as the notices that are here tell. */
  const since = useComputed(() => {
    let turnedOn: number | undefined;
    for (const { rules, seq } of notices.value) {
      if (rules) turnedOn = rules.slowModeSeconds === undefined ? undefined : (turnedOn ?? seq);
    }
    return turnedOn ?? 0;
  });
  /** By the server's clock. */
  const lastSent = useComputed(
    () => messages.value.findLast(({ from, seq = 0 }) => from.userId === yourId.value && seq > since.value)?.at,
  );
  useSignalEffect(() => {
    const until = lastSent.value === undefined ? 0 : lastSent.value + seconds * 1000;
    let timer: ReturnType<typeof setTimeout>;
    const look = () => {
      const wasWaiting = slowModeLeft.peek() > 0;
      const left = Math.min(Math.max(0, until - room.clockOffset - Date.now()), seconds * 1000);
      slowModeLeft.value = left;
      if (left > 0) timer = setTimeout(look, left % 1000 || 1000);
      else if (wasWaiting) announce("You can write again");
    };
    look();
    return () => clearTimeout(timer);
  });
  useEffect(
    () => () => {
      slowModeLeft.value = 0;
    },
    [],
  );
  return (
    <p class="slow-mode">
      <Icon name="clock" />
      {slowModeLeft.value > 0 ? (
        <span>
          Slow mode: you can write again in <span role="timer">{timeLeft(slowModeLeft.value)}</span>
        </span>
      ) : (
        `Slow mode: ${slowModeText(seconds)}`
      )}
    </p>
  );
}
