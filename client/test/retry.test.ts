import { expect, test } from "vitest";
import { backoff } from "../src/retry.ts";
import { timing } from "../src/timing.ts";

test.each([
  [0, 250],
  [1, 500],
  [6, 16_000],
  [7, 30_000],
  [10_000, 30_000],
])("retry %i waits a random time below %i ms", (attempt, ceiling) => {
  expect(backoff(attempt, timing, () => 0)).toBe(0);
  expect(backoff(attempt, timing, () => 0.5)).toBe(ceiling / 2);
});
