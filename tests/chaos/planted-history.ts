// Builds small histories for the checker's tests: Ada writes in one room, and Bob reads there.

import type { Change, ChangeKind, LogEvent, Message, Reaction } from "../../client/src/protocol.ts";
import { check } from "./checker.ts";
import type { Content, HistoryEvent, Request } from "./history.ts";
import { contentOf } from "./room-history.ts";

export const room = "tea";
export const person = (userId: string) => ({ userId, name: userId });
export const position = (seq: number) => ({ room, epoch: "e", seq, at: seq });

/** Message n as Ada sent it: id `m<n>`, text `text <n>`. */
export const message = (seq: number, fields: Partial<Message> = {}): LogEvent & Message => ({
  type: "message",
  ...position(seq),
  id: `m${seq}`,
  from: person("ada"),
  text: `text ${seq}`,
  ...fields,
});
export const change = (seq: number, of: number, kind: ChangeKind, fields: Partial<Change> = {}): LogEvent => ({
  type: "change",
  ...position(seq),
  of,
  kind,
  by: person("ada"),
  ...fields,
});
export const thumbs = (...userIds: string[]): Reaction[] => [{ emoji: "👍", userIds }];

export const log = (...events: LogEvent[]): HistoryEvent[] => events.map((event) => ({ type: "logged", room, event }));
export const requested = (id: string, request: Request, by = "ada"): HistoryEvent => ({
  type: "requested",
  room,
  by,
  id,
  request,
});
export const sent = (...numbers: number[]) =>
  numbers.map((n) => requested(`m${n}`, { action: "send", text: `text ${n}` }));
export const acked = (id: string, seq: number, by = "ada"): HistoryEvent => ({ type: "acked", room, by, id, seq });
export const submitted = (id: string): HistoryEvent => ({ type: "submitted", room, by: "ada", id });
export const completed = (id: string, refused?: string): HistoryEvent => ({
  type: "completed",
  room,
  by: "ada",
  id,
  ...(refused && { refused }),
});
/** As a room shows it, without a version. */
export const content = (seq: number, fields: Partial<Message> = {}): Content => {
  const { version: _, ...shown } = contentOf(message(seq, fields));
  return shown;
};
/** A page that ends with the last of these. */
export const page = (shows: Content[]) => ({ room, by: "bob", reader: "bob", to: shows.at(-1)?.seq ?? 0, shows });
export const joined = (...shows: Content[]): HistoryEvent => ({ type: "joined", ...page(shows) });
export const saw = (seq: number): HistoryEvent => ({ type: "saw", room, reader: "bob", seq, message: content(seq) });
export const sawChange = (seq: number, of: number, fields: Partial<Message> = {}, reader = "bob"): HistoryEvent => ({
  type: "saw",
  room,
  reader,
  seq,
  message: contentOf(message(of, { version: seq, ...fields })),
});
export const discontinuity = (...shows: Content[]): HistoryEvent => ({ type: "discontinuity", ...page(shows) });
export const left: HistoryEvent = { type: "left", room, reader: "bob" };
export const ended = (...shows: Content[]): HistoryEvent => ({ type: "ended", room, reader: "bob", shows });

/** Each violation as `name: about`. */
export const violations = (...history: (HistoryEvent | HistoryEvent[])[]) =>
  check(history.flat()).map(({ name, about }) => `${name}: ${about}`);
