import { expect, test } from "vitest";
import { listNames } from "./count.ts";

test.each([
  [[], 2, ""],
  [["Ada"], 2, "Ada"],
  [["Ada", "Bo"], 2, "Ada and Bo"],
  [["Ada", "Bo", "Cy"], 2, "Ada, Bo and 1 other"],
  [["Ada", "Bo", "Cy"], 3, "Ada, Bo and Cy"],
  [["Ada", "Bo", "Cy", "Di", "Ed"], 3, "Ada, Bo, Cy and 2 others"],
] as const)("the names %j, at most %i of them, are listed as %j", (names, shown, text) => {
  expect(listNames(names, shown)).toBe(text);
});
