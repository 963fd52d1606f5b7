import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Room } from "../../../client/src/index.ts";

/** What is in the database, what was done there, and when reading it is answered. */
const database = new Map<string, unknown>();
const done: string[] = [];
let answer: Promise<void> = Promise.resolve();
vi.mock("idb-keyval", () => ({
  createStore: () => ({}),
  values: async () => {
    await answer;
    return [...database.values()];
  },
  set: async (id: string, value: unknown) => {
    done.push("set");
    database.set(id, value);
  },
  del: async (id: string) => {
    done.push("del");
    database.delete(id);
  },
}));

let outbox: typeof import("./outbox.ts");
let announcer: typeof import("./announcer.ts");
const room = { id: "r", name: "Room", you: { userId: "ada", name: "Ada" } } as Room;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  vi.stubGlobal("BroadcastChannel", undefined);
  database.clear();
  outbox = await import("./outbox.ts");
  announcer = await import("./announcer.ts");
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what a slow database has is shown when it answers", async () => {
  outbox.say(room, "Kept");
  const [kept] = outbox.outbox.value;
  outbox.outbox.value = [];
  let open = () => {};
  answer = new Promise((resolve) => {
    open = resolve;
  });
  const read = outbox.readOutbox();
  await vi.advanceTimersByTimeAsync(10_000);
  await read;
  expect([outbox.outboxLasts.value, outbox.outbox.value]).toEqual([false, []]);
  open();
  await vi.advanceTimersByTimeAsync(0);
  expect([outbox.outboxLasts.value, outbox.outbox.value]).toEqual([true, [kept]]);
});

test("what is said again is stored before the former one goes", async () => {
  outbox.say(room, "Again");
  const [former] = outbox.outbox.value;
  done.length = 0;
  outbox.sayAgain(former?.id ?? "", room.you);
  expect(done).toEqual(["set", "del"]);
  expect(outbox.outbox.value.map(({ id, text }) => [id === former?.id, text])).toEqual([[false, "Again"]]);
});

test("whatever fails is read out, whichever room it is for", async () => {
  outbox.say(room, "Fails");
  const [message] = outbox.outbox.value;
  if (message) outbox.setProblem(message, "roomFull");
  vi.runAllTimers();
  expect(announcer.announcements.value.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^Not sent\. The room is/),
  ]);
});
