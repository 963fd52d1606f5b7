import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { REACTIONS } from "./emoji.ts";

test("offered reactions are in the form in which the server stores emoji", async () => {
  const file = new URL("../../../handlers/protocol/src/emoji.txt", import.meta.url);
  const known = new Set((await readFile(file, "utf8")).split("\n"));
  expect(REACTIONS.filter(([emoji]) => !known.has(emoji))).toEqual([]);
});
