import { expect, test } from "vitest";
import type { Change, ChangeKind, LogEvent, Message, Reaction } from "../../client/src/protocol.ts";
import { check } from "./checker.ts";
import type { Content, HistoryEvent, Request } from "./history.ts";
import { contentOf } from "./room-history.ts";

const room = "tea";
const person = (userId: string) => ({ userId, name: userId });
const place = (seq: number) => ({ room, epoch: "e", seq, at: seq });

/** Message n as Ada sent it: id `m<n>`, text `text <n>`. */
const message = (seq: number, as: Partial<Message> = {}): LogEvent & Message => ({
  type: "message",
  ...place(seq),
  id: `m${seq}`,
  from: person("ada"),
  text: `text ${seq}`,
  ...as,
});
const change = (seq: number, of: number, kind: ChangeKind, as: Partial<Change> = {}): LogEvent => ({
  type: "change",
  ...place(seq),
  of,
  kind,
  by: person("ada"),
  ...as,
});
const thumbs = (...userIds: string[]): Reaction[] => [{ emoji: "👍", userIds }];

const log = (...events: LogEvent[]): HistoryEvent[] => events.map((event) => ({ type: "logged", room, event }));
const asked = (id: string, request: Request, by = "ada"): HistoryEvent => ({ type: "asked", room, by, id, request });
const sent = (...numbers: number[]) => numbers.map((n) => asked(`m${n}`, { action: "send", text: `text ${n}` }));
const acked = (id: string, seq: number, by = "ada"): HistoryEvent => ({ type: "acked", room, by, id, seq });
const said = (id: string): HistoryEvent => ({ type: "said", room, by: "ada", id });
const settled = (id: string, refused?: string): HistoryEvent => ({
  type: "settled",
  room,
  by: "ada",
  id,
  ...(refused && { refused }),
});
/** As a room shows it, which does not tell its version. */
const content = (seq: number, as: Partial<Message> = {}): Content => {
  const { version: _, ...shown } = contentOf(message(seq, as));
  return shown;
};
/** The page ends with the last of these. */
const page = (shows: Content[]) => ({ room, reader: "bob", to: shows.at(-1)?.seq ?? 0, shows });
const joined = (...shows: Content[]): HistoryEvent => ({ type: "joined", ...page(shows) });
const saw = (seq: number): HistoryEvent => ({ type: "saw", room, reader: "bob", seq, message: content(seq) });
const sawChange = (seq: number, of: number, as: Partial<Message> = {}, reader = "bob"): HistoryEvent => ({
  type: "saw",
  room,
  reader,
  seq,
  message: contentOf(message(of, { version: seq, ...as })),
});
const discontinuity = (...shows: Content[]): HistoryEvent => ({ type: "discontinuity", ...page(shows) });
const left: HistoryEvent = { type: "left", room, reader: "bob" };
const ended = (...shows: Content[]): HistoryEvent => ({ type: "ended", room, reader: "bob", shows });

/** Each violation's name and what it is about. */
const found = (...history: (HistoryEvent | HistoryEvent[])[]) =>
  check(history.flat()).map(({ name, about }) => `${name}: ${about}`);

test("a clean talk has no violations: voids, changes, another stay and an outage that was told included", () => {
  const edit = asked("e", { action: "edit", seq: 1, text: "better" });
  const react = asked("r", { action: "react", seq: 2, emoji: "👍", on: true }, "bob");
  const remove = asked("d", { action: "delete", seq: 4 });
  const first = { text: "better", version: 5, editedAt: 5 };
  const second = { reactions: thumbs("bob"), version: 6 };
  const fourth = { text: "", version: 8, deletedAt: 8 };
  expect(
    found(
      ["m1", "m2", "m4", "m9", "m10", "done", "late"].map(said),
      sent(1, 2, 4, 9, 10),
      [edit, react, remove],
      [
        acked("m1", 1),
        acked("m2", 2),
        acked("m2", 2),
        acked("m4", 4),
        acked("m9", 9),
        settled("done"),
        settled("late", "messageDeleted"),
      ],
      [acked("e", 5), acked("r", 6, "bob"), acked("d", 8)],
      joined(content(1)),
      saw(2),
      saw(4),
      [sawChange(5, 1, first), sawChange(6, 2, second)],
      discontinuity(content(4, fourth), content(9)),
      saw(10),
      ended(content(4, fourth), content(9), content(10)),
      [{ type: "joined", room, reader: "carol", to: 0, shows: [] }],
      [{ type: "saw", room, reader: "carol", seq: 1, message: content(1) }],
      [{ type: "left", room, reader: "carol" }],
      log(message(1, first), message(2, second), message(4, fourth)),
      log(change(5, 1, "edited"), change(6, 2, "reacted", { emoji: "👍", by: person("bob") })),
      log(change(8, 4, "deleted"), message(9), message(10)),
    ),
  ).toEqual([]);
});

test("lost: acknowledged, but not in the final log", () => {
  expect(found(sent(1, 2), acked("m1", 1), acked("m2", 2), log(message(1)))).toEqual([
    "lost: message 2 of ada was acknowledged",
  ]);
});

test("lost: acknowledged, but the number is another message's", () => {
  expect(found(sent(1, 2), acked("m2", 1), log(message(1)))).toEqual(["lost: message 1 of ada was acknowledged"]);
});

test("lost: an acknowledged change that is not in the final log", () => {
  const edit = asked("e", { action: "edit", seq: 1, text: "better" });
  expect(found(sent(1), edit, acked("e", 2), log(message(1)))).toEqual([
    "lost: the edit at 2 of message 1 was acknowledged",
  ]);
  expect(found(sent(1), edit, acked("e", 1), log(message(1)))).toEqual([]);
});

test("lost: said, and neither sent nor refused", () => {
  expect(found(said("m1"), sent(1), log())).toEqual(["lost: ada said m1, and never learned what became of it"]);
});

test("lost: a reader who was there to the end never saw the last ones", () => {
  expect(found(sent(1, 2, 3), joined(content(1)), ended(content(1)), log(message(1), message(2), message(3)))).toEqual([
    "lost: bob never saw 2–3",
    "lost: bob does not show message 2 in the end",
    "lost: bob does not show message 3 in the end",
  ]);
});

test("changed: a reader shows an old version in the end", () => {
  const reacted = { reactions: thumbs("bob"), version: 2 };
  expect(
    found(
      sent(1),
      joined(content(1)),
      sawChange(2, 1, reacted),
      ended(content(1)),
      log(message(1, reacted), change(2, 1, "reacted", { emoji: "👍", by: person("bob") })),
    ),
  ).toEqual(["changed: bob does not show message 1 as it is in the end"]);
});

test("lost: seen, but not in the final log", () => {
  expect(found(sent(1), joined(), saw(1), log())).toEqual(["lost: bob saw number 1, the log has it not"]);
});

test("doubled: one id at two numbers", () => {
  expect(found(sent(1), log(message(1), message(2, { id: "m1", text: "text 1" })))).toEqual([
    "doubled: the log has one message at 1 and at 2",
  ]);
});

test("doubled: one send acknowledged with two numbers", () => {
  expect(found(sent(1), acked("m1", 1), acked("m1", 2), log(message(1)))).toContain(
    "doubled: one message was acknowledged at 1 and 2",
  );
});

test("doubled: a reader saw a number twice, live or after the page that shows it", () => {
  const talk = [sent(1, 2), log(message(1), message(2))].flat();
  expect(found(talk, joined(), saw(1), saw(2), saw(2))).toEqual(["doubled: bob saw number 2 again"]);
  expect(found(talk, joined(content(1)), saw(1))).toEqual(["doubled: bob saw number 1 again"]);
});

test("doubled: a reaction that was there already", () => {
  const by = { emoji: "👍", by: person("bob") };
  const reacted = { reactions: thumbs("bob"), version: 3 };
  expect(found(sent(1), log(message(1, reacted), change(2, 1, "reacted", by), change(3, 1, "reacted", by)))).toEqual([
    "doubled: the reaction at 3 to message 1 was there already",
  ]);
});

test("reordered: a lower number after a higher one", () => {
  const talk = [sent(1, 2), log(message(1), message(2))].flat();
  expect(found(talk, joined(), saw(2), saw(1))).toEqual([
    "gap: bob saw number 2 without 1",
    "reordered: bob saw number 1 after 2",
  ]);
  expect(found(talk, joined(content(2), content(1)))).toEqual(["reordered: bob shows message 1 after 2"]);
});

test("gap: a number skipped without telling; a void number is none", () => {
  const talk = [sent(1, 2, 4), log(message(1), message(2), message(4))].flat();
  expect(found(talk, joined(), saw(1), saw(4))).toEqual(["gap: bob saw number 4 without 2"]);
  expect(found(talk, joined(), saw(1), saw(2), saw(4))).toEqual([]);
  expect(found(talk, joined(), saw(1), discontinuity(content(4)))).toEqual([]);
});

test("gap: what is shown beyond the page may be told or not, what is not shown must be told", () => {
  const talk = [sent(1, 2, 3), log(message(1), message(2), message(3))].flat();
  const begins: HistoryEvent = { type: "discontinuity", room, reader: "bob", to: 1, shows: [content(1), content(2)] };
  expect(found(talk, begins, saw(2), saw(3))).toEqual([]);
  expect(found(talk, begins, saw(3))).toEqual([]);
  expect(found(talk, { ...begins, shows: [content(1)] }, saw(3))).toEqual(["gap: bob saw number 3 without 2"]);
});

test("gap: a change skipped without telling; before the first thing seen after a page it may be on the page", () => {
  const edited = { text: "better", version: 2 };
  const edit = asked("e", { action: "edit", seq: 1, text: "better" });
  const talk = [sent(1, 3, 4), edit, log(message(1, edited), change(2, 1, "edited"), message(3))].flat();
  expect(found(talk, joined(), saw(1), saw(3))).toEqual(["gap: bob saw number 3 without 2"]);
  expect(found(talk, joined(content(1, edited)), saw(3))).toEqual([]);
});

test("changed: two readers have another text at one number and version", () => {
  const edits = ["one", "two"].map((text) => asked(text, { action: "edit", seq: 1, text }));
  const two = { text: "two" };
  expect(
    found(
      sent(1),
      edits,
      [joined(content(1)), sawChange(2, 1, { text: "one" }), sawChange(3, 1, two)],
      { type: "joined", room, reader: "carol", to: 1, shows: [content(1)] },
      sawChange(2, 1, two, "carol"),
      log(message(1, { ...two, version: 3 }), change(2, 1, "edited"), change(3, 1, "edited")),
    ),
  ).toEqual(["changed: bob and carol do not have the same message 1 at version 2"]);
});

test("changed: a reader and the log have another sender, id or text at one number", () => {
  for (const other of [{ from: person("eve") }, { id: "x" }]) {
    expect(found(sent(1), joined(content(1, other)), log(message(1)))).toEqual([
      "changed: the log and bob do not have the same message 1",
    ]);
  }
  expect(found(sent(1), joined(content(1, { text: "x" })), log(message(1)))).toEqual([
    "changed: bob has message 1 as nobody asked for it",
  ]);
});

test("changed: a text that its sender never gave it", () => {
  expect(found(sent(1), log(message(1, { text: "other" })))).toEqual([
    "changed: the log has message 1 at version 1 as nobody asked for it",
  ]);
  const byEve = asked("e", { action: "edit", seq: 1, text: "other" }, "eve");
  const edited = message(1, { text: "other", version: 2 });
  expect(found(sent(1), byEve, log(edited, change(2, 1, "edited")))).toEqual([
    "changed: the log has message 1 at version 2 as nobody asked for it",
  ]);
});

test("changed: a message that is not as its changes make it", () => {
  const reacted = change(2, 1, "reacted", { emoji: "👍", by: person("bob") });
  expect(found(sent(1), log(message(1, { version: 2 }), reacted))).toEqual([
    "changed: message 1 has other reactions than its changes say",
  ]);
  expect(found(sent(1), log(message(1, { version: 2 }), change(2, 1, "deleted")))).toEqual([
    "changed: message 1 is not deleted as its changes say",
  ]);
  expect(found(sent(1), log(message(1), change(2, 1, "edited")))).toEqual([
    "changed: message 1 has version 1, its last change is 2",
  ]);
});

test("afterLeaving: something seen after leaving", () => {
  expect(found(sent(1), joined(), left, saw(1), log(message(1)))).toEqual(["afterLeaving: bob saw number 1"]);
});

test("refused: for no reason that there was", () => {
  expect(found(said("e"), settled("e", "messageNotFound"), log())).toEqual(["refused: ada said e: messageNotFound"]);
});

test("invented: in the log, or acknowledged, though nobody asked for it", () => {
  expect(found(log(message(1)))).toContain("invented: nobody sent message 1");
  expect(found(sent(1), acked("other", 1), log(message(1)))).toEqual([
    "invented: number 1 was acknowledged for what was not asked",
  ]);
});

test("rooms are checked apart", () => {
  const elsewhere = { ...message(1), room: "other" };
  const history: HistoryEvent[] = [...sent(1), ...log(message(1)), { type: "logged", room: "other", event: elsewhere }];
  expect(check(history).map(({ name, room }) => [name, room])).toContainEqual(["invented", "other"]);
  expect(check(history).every(({ room }) => room === "other")).toBe(true);
});
