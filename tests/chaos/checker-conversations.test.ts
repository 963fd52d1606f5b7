import { expect, test } from "vitest";
import type { HistoryAccess, LogEvent, NoticeKind } from "../../client/src/protocol.ts";
import { type Description, EVERY_ROOM, type HistoryEvent, SERVER } from "./history.ts";
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
  position,
  room,
  saw,
  sent,
  submitted,
  violations,
} from "./planted-history.ts";

const conversation = (history: HistoryAccess, ...direct: string[]): HistoryEvent => ({
  type: "conversation",
  room,
  history,
  ...(direct.length > 0 && { direct }),
});
const notice = (seq: number, kind: NoticeKind, ...people: string[]): LogEvent => ({
  type: "notice",
  ...position(seq),
  kind,
  name: "Tea",
  by: person("ada"),
  people: people.map(person),
});
const sawNotice = (seq: number): HistoryEvent => ({ type: "saw", room, reader: "bob", seq });
const posted = (by: string, ...seqs: number[]): HistoryEvent => ({ type: "posted", room, by, connection: by, seqs });
const complete = (...shows: Parameters<typeof ended>): HistoryEvent =>
  ({ ...ended(...shows), complete: true }) as HistoryEvent;
const described = (device: string, is?: Description): HistoryEvent => ({
  type: "described",
  room,
  by: "bob",
  device,
  ...(is && { is }),
});
const description = { seq: 3, latest: { seq: 3, text: "text 3" }, read: 3, unread: 0, members: ["ada", "bob"] };

/** Ada's group, in which Bob is from 2 to before 4, and again from 6. */
const comings = log(
  notice(1, "added", "carol"),
  notice(2, "added", "bob"),
  message(3),
  notice(4, "removed", "bob"),
  message(5),
  notice(6, "added", "bob"),
  message(7),
);
const group = (history: HistoryAccess, ...events: (HistoryEvent | HistoryEvent[])[]) =>
  violations(conversation(history), sent(3, 5, 7), ...events, comings);

test("a member who was removed and came back, and what each device knows at the end, are no violations", () => {
  expect(
    group(
      "joined",
      [posted("ada", 1, 2, 3, 4, 5, 6, 7), posted("bob", 2, 3), posted("bob", 6, 7), posted("bob")],
      [submitted("m3"), completed("m3", "notMember")].map((event) => ({ ...event, by: "bob" }) as HistoryEvent),
      joined(content(3)),
      left,
      { ...joined(), to: 6, reader: "bob again" } as HistoryEvent,
      { ...saw(7), reader: "bob again" } as HistoryEvent,
      { ...complete(content(7)), reader: "bob again" } as HistoryEvent,
      [described("phone", { ...description, seq: 7, read: 7, latest: { seq: 7, text: "text 7" } })],
      [described(SERVER, { ...description, seq: 7, read: 7, latest: { seq: 7, text: "text 7" } })],
    ),
  ).toEqual([]);
});

test("leaked: a removed member received an event at or after the number of their removal", () => {
  expect(group("joined", posted("bob", 3), posted("bob", 4))).toEqual(["leaked: bob received number 4"]);
  expect(group("joined", posted("bob", 5))).toEqual(["leaked: bob received number 5"]);
  expect(group("joined", posted("bob", 1))).toEqual(["leaked: bob received number 1"]);
});

test("leaked: a removed member received an event of a group whose members may read everything", () => {
  expect(group("all", posted("bob", 1, 4, 5, 7))).toEqual([]);
  const removed = log(notice(8, "memberLeft", "bob"), message(9));
  expect(violations(conversation("all"), sent(3, 5, 7, 9), posted("bob", 7, 8, 9), comings, removed)).toEqual([
    "leaked: bob received number 8",
    "leaked: bob received number 9",
  ]);
});

test("leaked: somebody who was never a member received a frame, or an event", () => {
  expect(group("all", posted("eve"))).toEqual(["leaked: eve received a frame of somebody who was never a member"]);
  const direct = [conversation("all", "ada", "bob"), sent(1), log(message(1))];
  expect(violations(...direct, posted("ada", 1), posted("bob", 1))).toEqual([]);
  expect(violations(...direct, posted("eve", 1))).toEqual([
    "leaked: eve received a frame of somebody who was never a member",
  ]);
});

test("leaked: a change brought a message from before the membership, or a list the text of one", () => {
  const edit = log(change(8, 5, "reacted", { emoji: "👍" }));
  const carried = group("joined", posted("bob", 8, 5), edit);
  expect(carried).toContain("leaked: bob received number 5");
  expect(group("joined", described(SERVER, { ...description, latest: { seq: 5, text: "text 5" } }))).toEqual([
    "leaked: the server knows the text of message 5",
  ]);
});

test("gap: a member skipped a number that they may read; what came while they were away is none", () => {
  expect(group("joined", joined(), saw(3), sawNotice(6), saw(7))).toEqual([]);
  expect(group("all", joined(), saw(3), sawNotice(6), saw(7))).toEqual(["gap: bob saw number 6 without 4–5"]);
  expect(group("joined", joined(), saw(3), saw(7))).toEqual(["gap: bob saw number 7 without 6"]);
});

test("lost: a member's device ends without a message since they were added, or without the group's history", () => {
  const start = { ...discontinuity(content(7)), to: 7 } as HistoryEvent;
  expect(group("joined", joined(), start, complete(content(7)))).toEqual([]);
  expect(group("joined", joined(), start, complete())).toEqual(["lost: bob does not show message 7 at the end"]);
  expect(group("all", joined(), start, complete(content(7)))).toEqual([
    "lost: bob does not show message 3 at the end",
    "lost: bob does not show message 5 at the end",
  ]);
});

test("refused: a message failed because its sender is no member, but they always were", () => {
  for (const refused of ["notMember", "roomNotFound"]) {
    const failed = (by: string) =>
      ["submitted", "completed"].map(
        (type) => ({ type, room, by, id: "x", ...(type === "completed" && { refused }) }) as HistoryEvent,
      );
    expect(group("all", failed("carol"))).toEqual([`refused: carol submitted x: ${refused}`]);
    expect(group("all", failed("bob")), "Bob was removed, and added again").toEqual([]);
  }
});

test("diverged: two devices, or a device and the server, do not agree at the end", () => {
  const server = described(SERVER, description);
  const known = violations(
    conversation("all", "ada", "bob"),
    described("phone", description),
    server,
    sent(3),
    log(message(3)),
  );
  expect(known).toEqual([]);
  for (const [field, other] of Object.entries({
    read: 2,
    unread: 1,
    members: ["bob"],
    latest: { seq: 3, text: "old" },
  })) {
    const outdated = described("phone", { ...description, [field]: other });
    expect(violations(conversation("all", "ada", "bob"), outdated, server, sent(3), log(message(3)))).toEqual([
      `diverged: phone and the server disagree about ${field}`,
    ]);
  }
});

test("diverged: a device lacks a conversation, or has one that is over for its person", () => {
  const all = [conversation("all", "ada", "bob"), sent(3), log(message(3))];
  expect(violations(...all, described("phone"), described(SERVER, description))).toEqual([
    "diverged: phone does not have the conversation, unlike the server's list",
  ]);
  expect(violations(...all, described("phone", description), described(SERVER))).toEqual([
    "diverged: phone has the conversation, unlike the server's list",
  ]);
});

test("unposted: a member's connection, open since before a message was sent and after its ack, was not told of it", () => {
  const connected = (by: string, from: number, to: number): HistoryEvent => ({
    type: "connected",
    room: EVERY_ROOM,
    by,
    connection: by,
    from,
    to,
  });
  const send = [
    ...sent(7).map((request) => ({ ...request, at: 100 }) as HistoryEvent),
    { ...acked("m7", 7), at: 200 } as HistoryEvent,
  ];
  const during = (...events: HistoryEvent[]) => violations(conversation("joined"), sent(3, 5), send, events, comings);
  expect(during(connected("bob", 99, 10_000), posted("bob", 7))).toEqual([]);
  expect(during(connected("bob", 99, 10_000), posted("bob", 6))).toEqual(["unposted: bob was not told of message 7"]);
  // It opened later, or may have ended before the post came; or its person was no member.
  expect(during(connected("bob", 150, 10_000), connected("ada", 99, 201), connected("eve", 99, 10_000))).toEqual([]);
});
