// Sending messages that the server refuses for now or for good, and messages that cannot be sent at all.

import { describe, expect, onTestFinished, test, vi } from "vitest";
import { timing } from "../src/timing.ts";
import { connect, startServer, statuses, until } from "./support.ts";

describe("sending", () => {
  test("starts again with the first delay after an acknowledgement", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    const waits: number[] = [];
    vi.spyOn(Math, "random").mockReturnValue(1);
    onTestFinished(() => void vi.restoreAllMocks());
    const realSetTimeout = globalThis.setTimeout;
    vi.spyOn(globalThis, "setTimeout").mockImplementation(((retry: () => void, delay: number) => {
      if (delay < timing.answerMs) waits.push(delay);
      return realSetTimeout(retry, delay);
    }) as typeof setTimeout);
    let refusals = 0;
    server.intercept = ({ action }) => action === "send" && refusals-- > 0 && "unavailable";
    for (const text of ["one", "two"]) {
      refusals = 3;
      room.send(text);
      await until(() => statuses(room).includes(`${text} sent`));
    }
    expect(waits).toEqual([5, 10, 20, 5, 10, 20]);
  });

  test("fails a refused message and sends the next; a retry is a new message", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    server.intercept = (frame) => frame.action === "send" && frame.text === "bad" && "invalidField";
    const id = room.send("bad");
    room.send("good");
    await until(() => statuses(room).join() === "good sent,bad failed");
    expect(room.messages[1]).toMatchObject({ id, error: { code: "invalidField" } });
    server.intercept = () => false;
    room.retry(id);
    await until(() => statuses(room).join() === "good sent,bad sent");
    expect(server.received("send").at(-1)?.id).not.toBe(id);
  });

  test("discards a failed message", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    server.intercept = ({ action }) => action === "send" && "forbidden";
    const id = room.send("bad");
    await until(() => room.messages[0]?.status === "failed");
    room.discard(id);
    expect(room.messages).toEqual([]);
  });

  test("retries while the server is unavailable", async () => {
    const server = await startServer();
    const room = await connect(server).join("r");
    let refusals = 3;
    server.intercept = ({ action }) => action === "send" && refusals-- > 0 && "unavailable";
    room.send("hello");
    await until(() => room.messages[0]?.status === "sent");
    expect(new Set(server.received("send").map(({ id }) => id)).size).toBe(1);
  });

  test.each([
    ["a text that is not valid Unicode", "\ud800", "not valid Unicode"],
    ["a text that is larger than a frame", "\u0001".repeat(4_000), "too long"],
  ])("fails %s without sending it: the refusal could not carry its id", async (_, text, error) => {
    const server = await startServer();
    const room = await connect(server).join("r");
    room.send(text);
    expect(room.messages).toMatchObject([{ status: "failed", error: { message: expect.stringContaining(error) } }]);
    expect(server.received("send")).toEqual([]);
  });
});
