// The history of one room, indexed: its final log by number, its requests by person and id.

import type { Change, LogEvent, Message } from "../../client/src/protocol.ts";
import { type Content, type HistoryEvent, type Of, ofType, type Request } from "./history.ts";
import { Readership } from "./readership.ts";

export class RoomHistory {
  readonly events: readonly HistoryEvent[];
  /** The final log, in the order in which its pages returned it. */
  readonly log: readonly LogEvent[];
  readonly byNumber: ReadonlyMap<number, LogEvent>;
  /** All numbers of the final log that are not void. */
  readonly numbers: readonly number[];
  readonly messages: readonly Message[];
  readonly changes: readonly Change[];
  /** By `keyOf`. */
  readonly requests: ReadonlyMap<string, Request>;
  /** Who may read which numbers. */
  readonly readership: Readership;

  constructor(events: readonly HistoryEvent[]) {
    this.events = events;
    this.log = this.of("logged").map(({ event }) => event);
    this.byNumber = new Map(this.log.map((event) => [event.seq, event]));
    this.numbers = [...this.byNumber.keys()].sort((a, b) => a - b);
    this.messages = this.log.filter((event) => event.type === "message");
    this.changes = this.log.filter((event) => event.type === "change");
    this.requests = new Map(this.of("requested").map(({ by, id, request }) => [keyOf(by, id), request]));
    this.readership = new Readership(this.of("conversation").at(-1), this.log);
  }

  /** Returns the final log's numbers between two numbers, both excluded. */
  between(lower: number, upper: number): number[] {
    return this.numbers.slice(this.#firstAbove(lower), this.#firstAbove(upper - 1));
  }

  #firstAbove(number: number): number {
    let [low, high] = [0, this.numbers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.numbers[middle] ?? 0) > number) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  of<Type extends HistoryEvent["type"]>(type: Type): Of<Type>[] {
    return ofType(this.events, type);
  }
}

export const keyOf = (by: string, id: string) => `${by} ${id}`;

/** The parts of a message that must be the same for everyone: not its sender's name, nor times. */
export function contentOf({ seq, version, id, from, text, deletedAt, reactions }: Message): Content {
  return {
    seq,
    version: version ?? seq,
    id,
    from: from.userId,
    text,
    ...(deletedAt !== undefined && { deleted: true as const }),
    ...(reactions && reactions.length > 0 && { reactions }),
  };
}

/** Equal for equal contents, whatever the order of reactions. */
export function fingerprint({ id, from, text, deleted, reactions = [] }: Content): string {
  const sorted = reactions.map(({ emoji, userIds }) => `${emoji} ${[...userIds].sort()}`).sort();
  return JSON.stringify([id, from, text, deleted ?? false, sorted]);
}
