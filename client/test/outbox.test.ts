import { describe, expect, test } from "vitest";
import { ParlorError } from "../src/errors.ts";
import { Outbox } from "../src/outbox.ts";
import { seededRandom } from "./support.ts";

const me = { userId: "u1", name: "Ada" };
const HOUR = 60 * 60 * 1000;
const refused = new ParlorError("invalidField", "refused", false);

function outbox(...ids: string[]) {
  const box = new Outbox(() => {});
  for (const id of ids) box.add(id, me, `text ${id}`, 0);
  return box;
}
const statuses = (box: Outbox) => box.messages.map(({ id, status }) => `${id} ${status}`);

describe("the outbox", () => {
  test("gives out one message at a time, in the order they were said", () => {
    const box = outbox("a", "b");
    expect(box.next(0)?.id).toBe("a");
    expect(box.next(0)).toBeUndefined();
    box.sent("a", { epoch: "e1", seq: 1 }, 5);
    expect(box.next(0)?.id).toBe("b");
  });

  test("gives the same message out again after the connection was lost", () => {
    const box = outbox("a", "b");
    box.next(0);
    box.release();
    expect(box.next(0)?.id).toBe("a");
  });

  test("shows a sent message with its number until the log shows it", () => {
    const box = outbox("a");
    box.next(0);
    box.sent("a", { epoch: "e1", seq: 7 }, 5);
    expect(box.messages).toMatchObject([{ id: "a", status: "sent", epoch: "e1", seq: 7, at: 5 }]);
    box.landed("a");
    expect(box.messages).toEqual([]);
  });

  test("goes on when the log shows a message before it is acknowledged", () => {
    const box = outbox("a", "b");
    box.next(0);
    box.landed("a");
    expect(box.sent("a", { epoch: "e1", seq: 1 }, 5)).toBeUndefined();
    expect(box.next(0)?.id).toBe("b");
  });

  test("a failed message does not hold up the next, and becomes a new one when retried", () => {
    const box = outbox("a", "b");
    box.next(0);
    box.fail("a", refused);
    expect(box.messages[0]).toMatchObject({ status: "failed", error: refused });
    expect(box.next(0)?.id).toBe("b");
    box.retry("a", "c", me, 9);
    expect(statuses(box)).toEqual(["b pending", "c pending"]);
    expect(box.messages[1]).toMatchObject({ text: "text a", at: 9 });
  });

  test("discards what failed or was not tried yet, but nothing that may have arrived", () => {
    const box = outbox("a", "b", "c");
    box.next(0);
    box.fail("a", refused);
    box.next(0);
    for (const id of ["a", "b", "c"]) box.discard(id);
    expect(statuses(box)).toEqual(["b pending"]);
  });

  test("does not repeat what the server may have forgotten", () => {
    const box = outbox("a", "b");
    for (const hour of [0, 10, 20]) {
      expect(box.next(hour * HOUR)?.id).toBe("a");
      box.release();
    }
    expect(box.next(23 * HOUR)?.id).toBe("b");
    expect(statuses(box)).toEqual(["a failed", "b pending"]);
  });

  test("does not repeat under another identity what may have arrived under the former", () => {
    const box = outbox("a", "b");
    box.next(0);
    box.release();
    box.identityChanged();
    expect(statuses(box)).toEqual(["a failed", "b pending"]);
  });

  test("fails everything that is on its way when there is no way any more", () => {
    const box = outbox("a", "b");
    box.next(0);
    box.failAll(refused);
    expect(statuses(box)).toEqual(["a failed", "b failed"]);
  });

  test("tells once what happened to each message, and treats what an earlier page tried as tried", () => {
    const told: string[] = [];
    const box = new Outbox(({ id, status, error }) =>
      told.push([id, status, error?.message].filter(Boolean).join(" ")),
    );
    box.add("a", me, "kept", 0, 1);
    box.add("a", me, "kept", 0, 1);
    for (const id of ["b", "c", "d"]) box.add(id, me, id, 0);
    for (const time of [2, 3]) {
      expect(box.next(time)?.id).toBe("a");
      box.release();
    }
    box.discard("a");
    box.sent("a", { epoch: "e1", seq: 1 }, 5);
    box.landed("a");
    box.next(4);
    box.landed("b");
    box.next(5);
    box.fail("c", refused);
    box.add("e", me, "kept too long", 0, 5);
    box.discard("d");
    expect(box.next(5 + 23 * HOUR)).toBeUndefined();
    expect(told).toEqual([
      "a sent",
      "b trying",
      "b sent",
      "c trying",
      "c failed refused",
      expect.stringMatching(/^e failed The connection was lost/),
    ]);
  });

  test("delivers everything once and in order, however often acknowledgements are lost", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const box = new Outbox(() => {});
      const delivered: string[] = [];
      let said = 0;
      while (said < 10 || box.messages.length > 0) {
        if (said < 10 && random() < 0.5) box.add(String(said++), me, "text", 0);
        const message = box.next(0);
        if (!message) continue;
        if (random() < 0.7 && !delivered.includes(message.id)) delivered.push(message.id);
        if (random() < 0.5 && delivered.includes(message.id)) box.landed(message.id);
        else box.release();
      }
      expect(delivered).toEqual(Array.from({ length: 10 }, (_, at) => String(at)));
    }
  });
});
