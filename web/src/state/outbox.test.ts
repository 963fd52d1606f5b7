import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Room } from "../../../client/src/index.ts";

const database = new Map<string, unknown>();
const writes: string[] = [];
/** Reads wait for this. */
let readable: Promise<void> = Promise.resolve();
vi.mock("idb-keyval", () => ({
  createStore: () => ({}),
  values: async () => {
    await readable;
    return [...database.values()];
  },
  set: async (id: string, value: unknown) => {
    writes.push("set");
    database.set(id, value);
  },
  del: async (id: string) => {
    writes.push("del");
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

test("the entries of a slow database appear when it answers", async () => {
  outbox.enqueue(room, "Stored");
  const [stored] = outbox.outbox.value;
  outbox.outbox.value = [];
  let open = () => {};
  readable = new Promise((resolve) => {
    open = resolve;
  });
  const read = outbox.reloadOutbox();
  await vi.advanceTimersByTimeAsync(10_000);
  await read;
  expect([outbox.outboxIsDurable.value, outbox.outbox.value]).toEqual([false, []]);
  open();
  await vi.advanceTimersByTimeAsync(0);
  expect([outbox.outboxIsDurable.value, outbox.outbox.value]).toEqual([true, [stored]]);
});

test("resending stores the new entry before it deletes the old one", async () => {
  outbox.enqueue(room, "Again");
  const [old] = outbox.outbox.value;
  writes.length = 0;
  outbox.resend(old?.id ?? "", room.you);
  expect(writes).toEqual(["set", "del"]);
  expect(outbox.outbox.value.map(({ id, text }) => [id === old?.id, text])).toEqual([[false, "Again"]]);
});

test("what a message answers and mentions is stored with it, and sent again unless it is gone", () => {
  const replyTo = { epoch: "e", seq: 1 };
  outbox.enqueue(room, "Again", { replyTo, mentions: ["ben"] });
  const extras = () => outbox.outbox.value.map(({ replyTo, mentions }) => [replyTo, mentions]);
  const again = (problem: "unavailable" | "messageNotFound") => {
    const [entry] = outbox.outbox.value;
    if (entry) outbox.markFailed(entry, problem);
    outbox.resend(entry?.id ?? "", room.you);
  };
  again("unavailable");
  expect(extras()).toEqual([[replyTo, ["ben"]]]);
  again("messageNotFound");
  expect(extras()).toEqual([[undefined, ["ben"]]]);
});

test("a failed message is announced, whatever its room", async () => {
  outbox.enqueue(room, "Fails");
  const [message] = outbox.outbox.value;
  if (message) outbox.markFailed(message, "roomFull");
  vi.runAllTimers();
  expect(announcer.announcements.value.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^Not sent\. The room is/),
  ]);
});
