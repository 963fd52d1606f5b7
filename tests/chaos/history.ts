// What happened in a run, as it is recorded and checked; as a file, one JSON line for each event, in their order.

import type { LogEvent, Reaction } from "../../client/src/protocol.ts";

/** A message as somebody saw it. */
export interface Content {
  readonly seq: number;
  /** The number of the last change, or of the message itself while there was none; absent where it was not told. */
  readonly version?: number;
  readonly id: string;
  /** The sender's user id. */
  readonly from: string;
  readonly text: string;
  readonly deleted?: true;
  readonly reactions?: readonly Reaction[];
}

/** A frame that asks for an event: it happens once for each person and id. */
export type Request =
  | { readonly action: "send"; readonly text: string }
  | { readonly action: "edit"; readonly seq: number; readonly text: string }
  | { readonly action: "delete"; readonly seq: number }
  | { readonly action: "react"; readonly seq: number; readonly emoji: string; readonly on: boolean };

/**
 * `said` is what the client was told to do, `asked` what it asked for on the wire. `by` is a user id; a `reader` is one stay of one client in the room. What was seen has a number, and the message if it
 * is one or is about one. `to` is where the page ended that a reader begins with.
 */
export type HistoryEvent = { readonly room: string } & (
  | { readonly type: "said"; readonly by: string; readonly id: string }
  | { readonly type: "asked"; readonly by: string; readonly id: string; readonly request: Request }
  | { readonly type: "acked"; readonly by: string; readonly id: string; readonly seq: number }
  | { readonly type: "settled"; readonly by: string; readonly id: string; readonly refused?: string }
  | { readonly type: "joined"; readonly reader: string; readonly to: number; readonly shows: readonly Content[] }
  | { readonly type: "saw"; readonly reader: string; readonly seq: number; readonly message?: Content }
  | { readonly type: "discontinuity"; readonly reader: string; readonly to: number; readonly shows: readonly Content[] }
  | { readonly type: "left"; readonly reader: string }
  | { readonly type: "ended"; readonly reader: string; readonly shows: readonly Content[] }
  | { readonly type: "logged"; readonly event: LogEvent }
);

export type Of<Type extends HistoryEvent["type"]> = Extract<HistoryEvent, { type: Type }>;

export function ofType<Type extends HistoryEvent["type"]>(history: readonly HistoryEvent[], type: Type): Of<Type>[] {
  return history.filter((event) => event.type === type) as Of<Type>[];
}
