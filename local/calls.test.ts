import { expect, test } from "vitest";
import { element } from "./calls.ts";

test("an element's text is read out of an XML answer, with its entities", () => {
  expect(element("<A><Name>a &amp; &quot;b&quot;</Name></A>", "Name")).toBe('a & "b"');
  expect(() => element("<A/>", "Name")).toThrow("has no Name");
});
