import { expect, test } from "vitest";
import { randomFaults } from "./faults.ts";
import { Random } from "./random.ts";

/** What happens to 20 connections, and to 500 frames in each direction of each. */
function plan(seed: number): (string | undefined)[] {
  const rules = randomFaults({ links: new Map() }, new Random(seed));
  return Array.from({ length: 20 }, (_, n) => n + 1).flatMap((connection) => [
    rules.opening?.(connection),
    ...Array.from({ length: 1_000 }, (_, n) => {
      const direction = n % 2 === 0 ? "up" : "down";
      return rules.frame?.({ connection, direction, number: 1 + Math.floor(n / 2), name: "send", bytes: 10 });
    }),
  ]);
}

test("the same seed plans the same faults, another seed others", () => {
  expect(plan(1)).toEqual(plan(1));
  expect(plan(1)).not.toEqual(plan(2));
});

test("each kind of fault is planned, and most frames pass", () => {
  const faults = plan(1);
  const kinds = new Set(faults.filter((fault) => fault !== undefined));
  expect([...kinds].sort()).toEqual(["close", "cut", "delay", "drop", "freeze", "hold", "refuse", "repeat", "reset"]);
  expect(faults.filter((fault) => fault === undefined).length).toBeGreaterThan(19_000);
});
