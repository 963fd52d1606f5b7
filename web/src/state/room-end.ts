// How long the joined room lasts, by the server's clock, and the warnings before it ends.
import { signal } from "@preact/signals";
import type { Room } from "../../../client/src/index.ts";
import { duration } from "../text/time.ts";
import { announce } from "./announcer.ts";

/** In seconds before the end, shortest first. */
const WARNINGS = [60, 300];

/** In milliseconds, to the second in the last two minutes. Undefined without an end, and once this person is out of the room. */
export const remaining = signal<number | undefined>(undefined);

/** Undefined also once the person has dismissed it. */
export const endWarning = signal<string | undefined>(undefined);

/** Follows the room's end until it has come, or the returned function is called. */
export function trackEnd(room: Room): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let warned: number | undefined;
  const look = () => {
    clearTimeout(timer);
    const { endsAt } = room.rules;
    const left = endsAt === undefined ? undefined : Math.max(0, endsAt - room.clockOffset - Date.now());
    remaining.value = left;
    const warning = left === undefined ? undefined : WARNINGS.find((seconds) => left <= seconds * 1000);
    if (warning !== warned) warn(warning);
    warned = warning;
    if (left === undefined) return;
    const step = left <= 121_000 ? 1000 : 30_000;
    timer = setTimeout(look, left % step || step);
  };
  look();
  const stops = [room.on("change", look), room.on("left", () => stop())];
  const stop = () => {
    for (const each of stops) each();
    clearTimeout(timer);
    remaining.value = undefined;
    endWarning.value = undefined;
  };
  return stop;
}

function warn(seconds: number | undefined): void {
  endWarning.value = seconds === undefined ? undefined : `This room ends in less than ${duration(seconds)}.`;
  if (endWarning.value) announce(endWarning.value);
}
