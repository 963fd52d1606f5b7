import { expect, test } from "vitest";
// The server's list: inclusive ranges of code points.
import ranges from "../../../docs/protocol/blank.json" with { type: "json" };
import { isBlank } from "./blank.ts";

test("the page and the server agree on every blank character", () => {
  const blank = new Set<number>();
  for (const [first = "", last = ""] of ranges) {
    for (let code = Number.parseInt(first, 16); code <= Number.parseInt(last, 16); code++) blank.add(code);
  }
  const differing: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    if (isBlank(String.fromCodePoint(code)) !== blank.has(code)) differing.push(code.toString(16));
  }
  expect(differing).toEqual([]);
});

test("text is blank if it has no visible character", () => {
  for (const text of ["", " \n\t", "\u0085", "\u200B\u2060", "\u2800", "\u3164 \uFEFF", "\uFE0F", "\u{E0001}"]) {
    expect(isBlank(text), JSON.stringify(text)).toBe(true);
  }
  for (const text of ["a", "\u200Ba", "\u0301", "۝", "👩\u200D💻", "\uD83D", "\u3164가"]) {
    expect(isBlank(text), JSON.stringify(text)).toBe(false);
  }
});
