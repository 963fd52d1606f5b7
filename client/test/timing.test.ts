import { expect, test } from "vitest";
import { limits } from "../src/protocol.ts";
import { timing } from "../src/timing.ts";

const HOUR = 60 * 60 * 1000;

test("a connection is replaced after two unanswered pings before its lease ends", () => {
  expect(2 * timing.heartbeatMs + timing.answerMs).toBeLessThan(limits.leaseMs);
});

test("a request is given up before the server forgets its id", () => {
  expect(timing.repeatMs).toBe(23 * HOUR);
  expect(timing.repeatMs + timing.answerMs + timing.backoffCapMs).toBeLessThan(limits.idempotencyMs);
});

test("a socket is replaced before API Gateway ends it", () => {
  const [earliest, latest] = timing.changeoverMs;
  expect(earliest).toBeLessThan(latest);
  expect(latest + timing.answerMs).toBeLessThan(2 * HOUR);
});
