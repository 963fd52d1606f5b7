// The documentation shows the examples as they are.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(join(import.meta.dirname, "../..", path), "utf8");

test("docs/bots.md has the whole of the example in Python", () => {
  expect(read("docs/bots.md")).toContain(`\`\`\`python\n${read("examples/echo-bot.py")}\`\`\``);
});
