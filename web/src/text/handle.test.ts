import { expect, test } from "vitest";
import { ParlorError } from "../../../client/src/index.ts";
import { handleErrorText, lookUpErrorText, withoutAt } from "./handle.ts";

const refusal = (code: "invalidField" | "handleTaken" | "personNotFound" | "rateLimited") =>
  new ParlorError(code, code, false);

test("a handle is taken with or without its @, and with spaces around it", () => {
  expect([withoutAt(" @ada "), withoutAt("ada"), withoutAt("@")]).toEqual(["ada", "ada", ""]);
});

test("a refused handle is explained: by the rules, or by who has it", () => {
  expect(handleErrorText(refusal("invalidField"))).toMatch(/^This is not allowed as a handle/);
  expect(handleErrorText(refusal("handleTaken"))).toMatch(/^Somebody else has this handle/);
});

test("nobody has a handle that nobody could have", () => {
  expect(lookUpErrorText("@ada", refusal("personNotFound"))).toBe("Nobody has the handle @ada.");
  expect(lookUpErrorText("@-", refusal("invalidField"))).toBe("Nobody has the handle @-.");
  expect(lookUpErrorText("@ada", refusal("rateLimited"))).toMatch(/^Too many requests/);
});
