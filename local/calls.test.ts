import { expect, test } from "vitest";
import { element } from "./calls.ts";

test("reads an element's text from XML and decodes its entities", () => {
  expect(element("<A><Name>a &amp; &quot;b&quot;</Name></A>", "Name")).toBe('a & "b"');
  expect(() => element("<A/>", "Name")).toThrow("has no Name");
});
