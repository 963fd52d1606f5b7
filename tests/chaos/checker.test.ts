import { expect, test } from "vitest";
import { check } from "./checker.ts";
import type { HistoryEvent } from "./history.ts";
import {
  acked,
  change,
  completed,
  content,
  discontinuity,
  ended,
  joined,
  left,
  log,
  message,
  person,
  requested,
  room,
  saw,
  sawChange,
  sent,
  submitted,
  thumbs,
  violations,
} from "./planted-history.ts";

test("a history with voids, changes, a second reader and a discontinuity has no violations", () => {
  const edit = requested("e", { action: "edit", seq: 1, text: "better" });
  const react = requested("r", { action: "react", seq: 2, emoji: "👍", on: true }, "bob");
  const remove = requested("d", { action: "delete", seq: 4 });
  const first = { text: "better", version: 5, editedAt: 5 };
  const second = { reactions: thumbs("bob"), version: 6 };
  const fourth = { text: "", version: 8, deletedAt: 8 };
  expect(
    violations(
      ["m1", "m2", "m4", "m9", "m10", "done", "late"].map(submitted),
      sent(1, 2, 4, 9, 10),
      [edit, react, remove],
      [
        acked("m1", 1),
        acked("m2", 2),
        acked("m2", 2),
        acked("m4", 4),
        acked("m9", 9),
        completed("done"),
        completed("late", "messageDeleted"),
      ],
      [acked("e", 5), acked("r", 6, "bob"), acked("d", 8)],
      joined(content(1)),
      saw(2),
      saw(4),
      [sawChange(5, 1, first), sawChange(6, 2, second)],
      discontinuity(content(4, fourth), content(9)),
      saw(10),
      ended(content(4, fourth), content(9), content(10)),
      [{ type: "joined", room, by: "carol", reader: "carol", to: 0, shows: [] }],
      [{ type: "saw", room, reader: "carol", seq: 1, message: content(1) }],
      [{ type: "left", room, reader: "carol" }],
      log(message(1, first), message(2, second), message(4, fourth)),
      log(change(5, 1, "edited"), change(6, 2, "reacted", { emoji: "👍", by: person("bob") })),
      log(change(8, 4, "deleted"), message(9), message(10)),
    ),
  ).toEqual([]);
});

test("lost: a message was acknowledged but is not in the final log", () => {
  expect(violations(sent(1, 2), acked("m1", 1), acked("m2", 2), log(message(1)))).toEqual([
    "lost: message 2 of ada was acknowledged, but is not in the log",
  ]);
});

test("lost: a message was acknowledged, but its number holds another message", () => {
  expect(violations(sent(1, 2), acked("m2", 1), log(message(1)))).toEqual([
    "lost: message 1 of ada was acknowledged, but is not in the log",
  ]);
});

test("lost: a change was acknowledged but is not in the final log", () => {
  const edit = requested("e", { action: "edit", seq: 1, text: "better" });
  expect(violations(sent(1), edit, acked("e", 2), log(message(1)))).toEqual([
    "lost: the edit at 2 of message 1 was acknowledged, but is not in the log",
  ]);
  expect(violations(sent(1), edit, acked("e", 1), log(message(1)))).toEqual([]);
});

test("lost: a message was submitted, but neither sent nor refused", () => {
  expect(violations(submitted("m1"), sent(1), log())).toEqual(["lost: ada submitted m1, and it has no outcome"]);
});

test("lost: a reader that stayed to the end never saw the last messages", () => {
  expect(
    violations(sent(1, 2, 3), joined(content(1)), ended(content(1)), log(message(1), message(2), message(3))),
  ).toEqual([
    "lost: bob never saw 2–3",
    "lost: bob does not show message 2 at the end",
    "lost: bob does not show message 3 at the end",
  ]);
});

test("inconsistent: a reader shows an old version at the end", () => {
  const reacted = { reactions: thumbs("bob"), version: 2 };
  expect(
    violations(
      sent(1),
      joined(content(1)),
      sawChange(2, 1, reacted),
      ended(content(1)),
      log(message(1, reacted), change(2, 1, "reacted", { emoji: "👍", by: person("bob") })),
    ),
  ).toEqual(["inconsistent: bob shows an outdated message 1 at the end"]);
});

test("lost: a reader saw a number that is not in the final log", () => {
  expect(violations(sent(1), joined(), saw(1), log())).toEqual(["lost: bob saw number 1, but it is not in the log"]);
});

test("duplicated: one id has two numbers", () => {
  expect(violations(sent(1), log(message(1), message(2, { id: "m1", text: "text 1" })))).toEqual([
    "duplicated: the log has the same message at 1 and 2",
  ]);
});

test("duplicated: one send was acknowledged with two numbers", () => {
  expect(violations(sent(1), acked("m1", 1), acked("m1", 2), log(message(1)))).toContain(
    "duplicated: the same message was acknowledged at 1 and 2",
  );
});

test("duplicated: a reader saw a number twice, live or after a page that shows it", () => {
  const events = [sent(1, 2), log(message(1), message(2))].flat();
  expect(violations(events, joined(), saw(1), saw(2), saw(2))).toEqual(["duplicated: bob saw number 2 again"]);
  expect(violations(events, joined(content(1)), saw(1))).toEqual(["duplicated: bob saw number 1 again"]);
});

test("duplicated: a reaction was added that already existed", () => {
  const by = { emoji: "👍", by: person("bob") };
  const reacted = { reactions: thumbs("bob"), version: 3 };
  expect(
    violations(sent(1), log(message(1, reacted), change(2, 1, "reacted", by), change(3, 1, "reacted", by))),
  ).toEqual(["duplicated: the reaction at 3 to message 1 already existed"]);
});

test("reordered: a reader saw a lower number after a higher one", () => {
  const events = [sent(1, 2), log(message(1), message(2))].flat();
  expect(violations(events, joined(), saw(2), saw(1))).toEqual([
    "gap: bob saw number 2 without 1",
    "reordered: bob saw number 1 after 2",
  ]);
  expect(violations(events, joined(content(2), content(1)))).toEqual(["reordered: bob shows message 1 after 2"]);
});

test("gap: a reader skipped a number without a discontinuity; skipping a void is no gap", () => {
  const events = [sent(1, 2, 4), log(message(1), message(2), message(4))].flat();
  expect(violations(events, joined(), saw(1), saw(4))).toEqual(["gap: bob saw number 4 without 2"]);
  expect(violations(events, joined(), saw(1), saw(2), saw(4))).toEqual([]);
  expect(violations(events, joined(), saw(1), discontinuity(content(4)))).toEqual([]);
});

test("gap: an event beyond the page may be skipped only if the room shows it already", () => {
  const events = [sent(1, 2, 3), log(message(1), message(2), message(3))].flat();
  const start: HistoryEvent = { type: "discontinuity", room, reader: "bob", to: 1, shows: [content(1), content(2)] };
  expect(violations(events, start, saw(2), saw(3))).toEqual([]);
  expect(violations(events, start, saw(3))).toEqual([]);
  expect(violations(events, { ...start, shows: [content(1)] }, saw(3))).toEqual(["gap: bob saw number 3 without 2"]);
});

test("gap: a reader skipped a change; right after a page this is no gap, because the page may include it", () => {
  const edited = { text: "better", version: 2 };
  const edit = requested("e", { action: "edit", seq: 1, text: "better" });
  const events = [sent(1, 3, 4), edit, log(message(1, edited), change(2, 1, "edited"), message(3))].flat();
  expect(violations(events, joined(), saw(1), saw(3))).toEqual(["gap: bob saw number 3 without 2"]);
  expect(violations(events, joined(content(1, edited)), saw(3))).toEqual([]);
});

test("inconsistent: two readers have different texts at one number and version", () => {
  const edits = ["one", "two"].map((text) => requested(text, { action: "edit", seq: 1, text }));
  const two = { text: "two" };
  expect(
    violations(
      sent(1),
      edits,
      [joined(content(1)), sawChange(2, 1, { text: "one" }), sawChange(3, 1, two)],
      { type: "joined", room, by: "carol", reader: "carol", to: 1, shows: [content(1)] },
      sawChange(2, 1, two, "carol"),
      log(message(1, { ...two, version: 3 }), change(2, 1, "edited"), change(3, 1, "edited")),
    ),
  ).toEqual(["inconsistent: bob and carol disagree about message 1 at version 2"]);
});

test("inconsistent: a reader and the log have a different sender, id or text at one number", () => {
  for (const other of [{ from: person("eve") }, { id: "x" }]) {
    expect(violations(sent(1), joined(content(1, other)), log(message(1)))).toEqual([
      "inconsistent: the log and bob disagree about message 1",
    ]);
  }
  expect(violations(sent(1), joined(content(1, { text: "x" })), log(message(1)))).toEqual([
    "inconsistent: bob has message 1 in a form that nobody requested",
  ]);
});

test("inconsistent: a message has a text that its sender never requested", () => {
  expect(violations(sent(1), log(message(1, { text: "other" })))).toEqual([
    "inconsistent: the log has message 1 at version 1 in a form that nobody requested",
  ]);
  const byEve = requested("e", { action: "edit", seq: 1, text: "other" }, "eve");
  const edited = message(1, { text: "other", version: 2 });
  expect(violations(sent(1), byEve, log(edited, change(2, 1, "edited")))).toEqual([
    "inconsistent: the log has message 1 at version 2 in a form that nobody requested",
  ]);
});

test("inconsistent: a message and its changes disagree", () => {
  const reacted = change(2, 1, "reacted", { emoji: "👍", by: person("bob") });
  expect(violations(sent(1), log(message(1, { version: 2 }), reacted))).toEqual([
    "inconsistent: message 1 and its changes disagree about its reactions",
  ]);
  expect(violations(sent(1), log(message(1, { version: 2 }), change(2, 1, "deleted")))).toEqual([
    "inconsistent: message 1 and its changes disagree about its deletion",
  ]);
  expect(violations(sent(1), log(message(1), change(2, 1, "edited")))).toEqual([
    "inconsistent: message 1 has version 1, but its last change is 2",
  ]);
});

test("afterLeaving: a reader saw something after leaving", () => {
  expect(violations(sent(1), joined(), left, saw(1), log(message(1)))).toEqual(["afterLeaving: bob saw number 1"]);
});

test("refused: a request was refused without a reason", () => {
  expect(violations(submitted("e"), completed("e", "messageNotFound"), log())).toEqual([
    "refused: ada submitted e: messageNotFound",
  ]);
});

test("unrequested: a message is in the log, or a number acknowledged, without a request", () => {
  expect(violations(log(message(1)))).toContain("unrequested: nobody sent message 1");
  expect(violations(sent(1), acked("other", 1), log(message(1)))).toEqual([
    "unrequested: number 1 was acknowledged without a request",
  ]);
});

test("each room is checked on its own", () => {
  const elsewhere = { ...message(1), room: "other" };
  const history: HistoryEvent[] = [...sent(1), ...log(message(1)), { type: "logged", room: "other", event: elsewhere }];
  expect(check(history).map(({ name, room }) => [name, room])).toContainEqual(["unrequested", "other"]);
  expect(check(history).every(({ room }) => room === "other")).toBe(true);
});
