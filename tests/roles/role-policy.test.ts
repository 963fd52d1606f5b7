import { expect, test } from "vitest";
import { without } from "./role-policy.ts";

test("one statement is taken away, the same one elsewhere stays", () => {
  const [get, put] = [
    { Action: "dynamodb:GetItem", Resource: "rooms" },
    { Action: "dynamodb:PutItem", Resource: "rooms" },
  ];
  expect(without({ Statement: [get, put, get] }, 0)).toEqual({ Statement: [put, get] });
  expect(without({ Statement: [get] }, 0)).toEqual({ Statement: [] });
});
