import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Connection } from "../src/connection.ts";
import { ParlorError } from "../src/errors.ts";
import type { Ack, Joined } from "../src/protocol.ts";
import { Timeline } from "../src/timeline.ts";
import { timing } from "../src/timing.ts";

const me = { userId: "u1", name: "Ada" };
const HOUR = 60 * 60 * 1000;
const refused = new ParlorError("invalidField", "refused", false);

/** A joined, empty room that sends these messages, over a connection whose answers the test gives. */
function sending(...ids: string[]) {
  const seen: string[] = [];
  const sent: string[] = [];
  const changes: string[] = [];
  let answer = (_: Ack | ParlorError) => {};
  const request = (frame: { action: string; id: string }, done: typeof answer) => {
    if (frame.action !== "send") return;
    sent.push(frame.id);
    answer = done;
  };
  const timeline = new Timeline(
    "r",
    { request } as unknown as Connection,
    {
      changed: () => changes.push(timeline.position?.epoch ?? "none"),
      arrived: () => {},
      delivery: ({ id, status, error }) => seen.push([id, status, error?.message].filter(Boolean).join(" ")),
      blocked: () => {},
    },
    timing,
  );
  const joined = (you = me, epoch = "e1") => {
    const about = { name: "R", visibility: "unlisted" as const, you, people: [you], count: 1, recovered: true };
    const rules = {
      at: 0,
      passwordRequired: false,
      uniqueNames: false,
      role: "member" as const,
      may: ["write" as const],
    };
    const frame: Joined = { ...about, ...rules, room: "r", epoch, seq: 0, from: 1, to: 0, events: [] };
    timeline.start(frame, true);
  };
  joined();
  for (const id of ids) timeline.send(me, `text ${id}`, { id, at: 0 });
  onTestFinished(() => timeline.pause());
  return {
    timeline,
    joined,
    seen,
    sent,
    changes,
    acknowledge: (seq: number) => answer({ room: "r", epoch: "e1", id: sent.at(-1) ?? "", seq, at: 5 }),
    refuse: () => answer(refused),
    /** The log shows the message at this number. */
    show: (id: string, seq: number, from = me) =>
      timeline.receive({ type: "message", room: "r", epoch: "e1", seq, id, from, text: `text ${id}`, at: 5 }),
    statuses: () => timeline.messages.map(({ id, status }) => `${id} ${status}`),
  };
}

describe("own messages", () => {
  test("that fail because the identity changed are reported with the new state of the room", () => {
    const { timeline, joined, seen, changes } = sending("a");
    timeline.pause();
    changes.length = 0;
    joined({ userId: "u2", name: "Ada" }, "e2");
    expect(seen).toEqual(["a trying", expect.stringMatching(/^a failed/)]);
    expect(new Set(changes)).toEqual(new Set(["e2"]));
  });

  test("are shown with their number once they are sent, last until the log shows them", () => {
    const { timeline, acknowledge, show } = sending("a");
    acknowledge(2);
    expect(timeline.messages).toMatchObject([{ id: "a", status: "sent", epoch: "e1", seq: 2, at: 5 }]);
    show("theirs", 1, { userId: "u2", name: "Bob" });
    expect(timeline.messages.map(({ id }) => id)).toEqual(["theirs", "a"]);
  });

  test("are sent, once, even if the log shows them before the acknowledgement", () => {
    const { sent, seen, acknowledge, show, statuses } = sending("a", "b");
    show("a", 1);
    expect(sent).toEqual(["a", "b"]);
    acknowledge(2);
    expect(statuses()).toEqual(["a sent", "b sent"]);
    expect(seen).toEqual(["a trying", "a sent", "b trying", "b sent"]);
  });

  test("do not hold up the next one when they fail, and become new ones when they are retried", () => {
    const { timeline, sent, refuse, statuses } = sending("a", "b");
    refuse();
    expect(timeline.messages[0]).toMatchObject({ status: "failed", error: refused });
    expect(sent).toEqual(["a", "b"]);
    timeline.retry("a", me);
    expect(timeline.messages).toMatchObject([{ id: "b" }, { text: "text a", status: "pending" }]);
    expect(timeline.messages[1]?.id).not.toBe("a");
    expect(timeline.messages[1]?.at).toBeGreaterThan(0);
    timeline.retry("b", me);
    expect(statuses()[0]).toBe("b pending");
  });

  test("can be discarded when they failed or were not sent yet, but not when they may have arrived", () => {
    const { timeline, sent, refuse, acknowledge, statuses } = sending("a", "b", "c", "d");
    refuse();
    for (const id of ["a", "b", "c"]) timeline.discard(id);
    expect(statuses()).toEqual(["b pending", "d pending"]);
    acknowledge(7);
    timeline.discard("b");
    expect(statuses()).toEqual(["b sent", "d pending"]);
    expect(sent).toEqual(["a", "b", "d"]);
  });

  test("fail under another identity if they may have arrived under the former", () => {
    const { timeline, joined, sent, statuses } = sending("a", "b");
    timeline.pause();
    joined({ userId: "u2", name: "Ada" });
    expect(statuses()).toEqual(["a failed", "b pending"]);
    expect(sent).toEqual(["a", "b"]);
  });

  test("fail when the room ends", () => {
    const { timeline, statuses } = sending("a", "b");
    timeline.end(refused);
    expect(statuses()).toEqual(["a failed", "b failed"]);
  });

  test("report each outcome once; an earlier page's attempt counts as an attempt", () => {
    const { timeline, joined, seen, sent, acknowledge, refuse, show } = sending();
    vi.spyOn(Date, "now").mockReturnValue(5);
    onTestFinished(() => void vi.restoreAllMocks());
    for (const _ of [1, 2]) timeline.send(me, "kept", { id: "a", at: 0, triedAt: 1 });
    for (const id of ["b", "c", "d"]) timeline.send(me, id, { id, at: 0 });
    timeline.pause();
    joined();
    expect(sent).toEqual(["a", "a"]);
    timeline.discard("a");
    acknowledge(1);
    show("a", 1);
    show("b", 2);
    timeline.discard("d");
    refuse();
    vi.spyOn(Date, "now").mockReturnValue(5 + 23 * HOUR);
    timeline.send(me, "kept too long", { id: "e", at: 0, triedAt: 5 });
    expect(sent).toEqual(["a", "a", "b", "c"]);
    expect(seen).toEqual([
      "a sent",
      "b trying",
      "b sent",
      "c trying",
      "c failed refused",
      expect.stringMatching(/^e failed Parlor could not confirm/),
    ]);
  });
});
