// A short random run under faults.

import { expect, test } from "vitest";
import { addresses } from "../../support/addresses.ts";
import { GROUPS } from "../cast.ts";
import { run } from "../run.ts";

test("300 messages sent under random faults are neither lost, duplicated, reordered nor inconsistent", async () => {
  const { sent, faults, violations, inConversations, memberChanges } = await run(addresses, { seed: 1, messages: 300 });
  expect(violations).toEqual([]);
  expect(sent).toBe(300);
  expect(inConversations).toBeGreaterThan(100);
  expect(memberChanges).toBeGreaterThan(GROUPS);
  for (const fault of ["drop", "repeat", "delay"]) expect(faults[fault], fault).toBeGreaterThan(0);
});
