// The recorded history of a run. In a file it is one JSON line per event, in order.

import type { HistoryAccess, LogEvent, Reaction } from "../../client/src/protocol.ts";

/** A message as one client saw it. */
export interface Content {
  readonly seq: number;
  /** The number of the last change, or of the message if there was none. Absent where the client does not tell it. */
  readonly version?: number;
  readonly id: string;
  /** The sender's user id. */
  readonly from: string;
  readonly text: string;
  readonly deleted?: true;
  readonly reactions?: readonly Reaction[];
}

/** A frame that requests an event. Each person and id gets at most one event. */
export type Request =
  | { readonly action: "send"; readonly text: string }
  | { readonly action: "edit"; readonly seq: number; readonly text: string }
  | { readonly action: "delete"; readonly seq: number }
  | { readonly action: "react"; readonly seq: number; readonly emoji: string; readonly on: boolean };

/** What one of a person's devices, or the server, says of a conversation. */
export interface Description {
  /** The newest number. */
  readonly seq: number;
  readonly latest?: { readonly seq: number; readonly text: string };
  readonly read: number;
  readonly unread: number;
  /** Their user ids, sorted. */
  readonly members: readonly string[];
}

/**
 * `submitted`: the client was called. `requested`: it sent the frame. `acked`: it received the acknowledgement.
 * `completed`: the call returned, or was `refused` with this code.
 * `joined`, `discontinuity`: a reader starts with a page that ends at `to`. `saw`: it saw the event at this number, and
 * the message that it is or changes. `ended`: what it shows at the end; if `complete`, after it has loaded everything that
 * is older. `logged`: an event of the final log.
 *
 * Of conversations: `conversation` says who may read it; the log of a group has its members. `posted`: the gateway sent a
 * frame with these numbers, of events and of messages in them. `connected`: in every room, when a connection was opened, and
 * when its last frame was posted. `described`: what a device knows at the end, or the server says.
 *
 * `by` is a user id. A `reader` is a client from one join to its leaving, a `device` a client of a person. Times are in
 * milliseconds since 1970.
 */
export type HistoryEvent = { readonly room: string } & (
  | { readonly type: "submitted"; readonly by: string; readonly id: string }
  | {
      readonly type: "requested";
      readonly by: string;
      readonly id: string;
      readonly request: Request;
      readonly at?: number;
    }
  | { readonly type: "acked"; readonly by: string; readonly id: string; readonly seq: number; readonly at?: number }
  | { readonly type: "completed"; readonly by: string; readonly id: string; readonly refused?: string }
  | {
      readonly type: "joined";
      readonly by: string;
      readonly reader: string;
      readonly to: number;
      readonly shows: readonly Content[];
    }
  | { readonly type: "saw"; readonly reader: string; readonly seq: number; readonly message?: Content }
  | { readonly type: "discontinuity"; readonly reader: string; readonly to: number; readonly shows: readonly Content[] }
  | { readonly type: "left"; readonly reader: string }
  | { readonly type: "ended"; readonly reader: string; readonly shows: readonly Content[]; readonly complete?: true }
  | { readonly type: "logged"; readonly event: LogEvent }
  | { readonly type: "conversation"; readonly history: HistoryAccess; readonly direct?: readonly string[] }
  | { readonly type: "posted"; readonly by: string; readonly connection: string; readonly seqs: readonly number[] }
  | {
      readonly type: "connected";
      readonly by: string;
      readonly connection: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly type: "described"; readonly by: string; readonly device: string; readonly is?: Description }
);

/** The `room` of what concerns all of them. */
export const EVERY_ROOM = "";

/** The `device` of what the server says. */
export const SERVER = "the server";

export type Of<Type extends HistoryEvent["type"]> = Extract<HistoryEvent, { type: Type }>;

export function ofType<Type extends HistoryEvent["type"]>(history: readonly HistoryEvent[], type: Type): Of<Type>[] {
  return history.filter((event) => event.type === type) as Of<Type>[];
}
