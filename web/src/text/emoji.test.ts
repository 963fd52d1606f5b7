import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { offered } from "./emoji.ts";

test("the reactions that are offered are emoji in the form in which the server keeps them", async () => {
  const file = new URL("../../../handlers/protocol/src/emoji.txt", import.meta.url);
  const known = new Set((await readFile(file, "utf8")).split("\n"));
  expect(offered.filter(([emoji]) => !known.has(emoji))).toEqual([]);
});
