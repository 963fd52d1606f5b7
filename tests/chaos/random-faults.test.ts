import { expect, test } from "vitest";
import { Random } from "./random.ts";
import { randomFaults } from "./random-faults.ts";

/** The faults of 20 connections, and of 500 frames in each direction of each. */
function faultsOf(seed: number): (string | undefined)[] {
  const rules = randomFaults({ links: new Map() }, new Random(seed));
  return Array.from({ length: 20 }, (_, n) => n + 1).flatMap((connection) => [
    rules.opening?.(connection),
    ...Array.from({ length: 1_000 }, (_, n) => {
      const direction = n % 2 === 0 ? "up" : "down";
      return rules.frame?.({ connection, direction, number: 1 + Math.floor(n / 2), name: "send", bytes: 10 });
    }),
  ]);
}

test("the same seed chooses the same faults, another seed different ones", () => {
  expect(faultsOf(1)).toEqual(faultsOf(1));
  expect(faultsOf(1)).not.toEqual(faultsOf(2));
});

test("each kind of fault occurs, and most frames pass", () => {
  const faults = faultsOf(1);
  const kinds = new Set(faults.filter((fault) => fault !== undefined));
  expect([...kinds].sort()).toEqual(["close", "cut", "delay", "drop", "freeze", "hold", "refuse", "repeat", "reset"]);
  expect(faults.filter((fault) => fault === undefined).length).toBeGreaterThan(19_000);
});
