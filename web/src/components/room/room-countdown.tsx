// How long the room lasts. A timer is not announced as it changes; warnings are.
import { remaining } from "../../state/room-end.ts";
import { timeLeft } from "../../text/time.ts";
import { Icon } from "../icon.tsx";

export function RoomCountdown() {
  if (remaining.value === undefined) return null;
  return (
    <span class={remaining.value <= URGENT_MS ? "countdown urgent" : "countdown"} role="timer">
      <Icon name="clock" />
      <span class="countdown-label">Ends in </span>
      {timeLeft(remaining.value)}
    </span>
  );
}

const URGENT_MS = 300_000;
