import { expect, test } from "vitest";
import type { RoomRules } from "../../../client/src/index.ts";
import { isTemporary, newRules, ruleErrors, ruleFields, ruleUpdate, setTemporary } from "./rule-fields.ts";

const none: RoomRules = { passwordRequired: false, uniqueNames: false };
const all: RoomRules = {
  endsAt: 1,
  maxPeople: 20,
  passwordRequired: true,
  uniqueNames: true,
  endsWithoutOwnerAfterSeconds: 30,
};

test("a room without options has no rules, and a temporary one ends in ten minutes and holds 20 people", () => {
  const fields = ruleFields();
  expect(newRules(fields)).toEqual({});
  setTemporary(fields, true);
  expect(isTemporary(fields)).toBe(true);
  expect(newRules(fields)).toEqual({ expiresInSeconds: 600, maxPeople: 20 });
  fields.maxPeople.value = "21";
  expect(isTemporary(fields)).toBe(false);
  setTemporary(fields, false);
  expect(newRules(fields)).toEqual({});
});

test.each([none, all])("settings that were not touched change nothing", (rules) => {
  expect(ruleUpdate(ruleFields(rules), rules)).toEqual({});
});

test("settings change, set and remove each rule", () => {
  const set = ruleFields(none);
  set.endsIn.value = "3600";
  set.maxPeople.value = " 5 ";
  set.password.value = "e\u0301 eight";
  set.uniqueNames.value = true;
  set.absence.value = "60";
  expect(ruleUpdate(set, none)).toEqual({
    expiresInSeconds: 3600,
    maxPeople: 5,
    password: "é eight",
    uniqueNames: true,
    endsWithoutOwnerAfterSeconds: 60,
  });
  const remove = ruleFields(all);
  for (const field of [remove.endsIn, remove.maxPeople, remove.absence]) field.value = "";
  remove.removesPassword.value = true;
  remove.uniqueNames.value = false;
  expect(ruleUpdate(remove, all)).toEqual({
    expiresInSeconds: null,
    maxPeople: null,
    password: null,
    uniqueNames: false,
    endsWithoutOwnerAfterSeconds: null,
  });
});

test.each([
  ["", "", {}],
  ["2", "8 chars.", {}],
  ["1000", "😀".repeat(128), {}],
  ["1", "", { maxPeople: expect.stringContaining("2 to 1000") }],
  ["1001", "", { maxPeople: expect.any(String) }],
  ["1e2", "", { maxPeople: expect.any(String) }],
  ["-5", "7 chars", { maxPeople: expect.any(String), password: expect.stringContaining("8 to 128") }],
  ["", "x".repeat(129), { password: expect.any(String) }],
])("%j people at most and the password %j have these errors", (maxPeople, password, errors) => {
  const fields = ruleFields();
  fields.maxPeople.value = maxPeople;
  fields.password.value = password;
  expect(ruleErrors(fields)).toEqual(errors);
});
