import { expect, test } from "vitest";
import { bestFirst, type Rehearsed } from "./rehearsal.ts";

const grant = { role: "role", action: "dynamodb:GetItem", resource: "table" };

const rehearsed = (name: string, ms: number, needs: boolean, routes = ["send"]): Rehearsed => ({
  scenario: { name, routes, run: async () => {} },
  ms,
  decisions: [{ ...grant, role: needs ? grant.role : "another", keys: [], allowed: true }],
});

test("who needs the grant is tried first, then who is quick, and never who does not name the route", () => {
  const order = bestFirst(
    [
      rehearsed("quick, without", 1, false),
      rehearsed("slow, with", 30, true),
      rehearsed("quick, with", 20, true),
      rehearsed("of another route", 1, true, ["edit"]),
    ],
    "send",
    grant,
  );
  expect(order.map(({ scenario }) => scenario.name)).toEqual(["quick, with", "slow, with", "quick, without"]);
});
