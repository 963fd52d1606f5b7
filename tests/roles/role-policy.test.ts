import { expect, test } from "vitest";
import { without } from "./role-policy.ts";

test("removes one statement and keeps an equal one at another index", () => {
  const [get, put] = [
    { Action: "dynamodb:GetItem", Resource: "rooms" },
    { Action: "dynamodb:PutItem", Resource: "rooms" },
  ];
  expect(without({ Statement: [get, put, get] }, 0)).toEqual({ Statement: [put, get] });
  expect(without({ Statement: [get] }, 0)).toEqual({ Statement: [] });
});
