import { expect, test } from "vitest";
import { reasonsText } from "./report-text.ts";

test("the reasons of a report are listed with how many people gave each, if several did", () => {
  expect(reasonsText({ hate: 1, spam: 2 })).toBe("Spam 2, Hate");
  expect(reasonsText({})).toBe("");
});
