// A short random run: each fault happens, and nothing that must not happen does.

import { expect, test } from "vitest";
import { addresses } from "../../support/addresses.ts";
import { run } from "../run.ts";

test("300 messages of random talk under random faults: nothing lost, doubled, reordered or changed", async () => {
  const { said, faults, violations } = await run(addresses, { seed: 1, messages: 300 });
  expect(violations).toEqual([]);
  expect(said).toBe(300);
  for (const fault of ["drop", "repeat", "delay"]) expect(faults[fault], fault).toBeGreaterThan(0);
});
