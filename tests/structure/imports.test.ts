// Imports point one way and form no cycles.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

/** What each folder may import from, besides itself. */
const allowed: Record<string, readonly string[]> = {
  client: [],
  cdk: [],
  bin: ["cdk"],
  examples: ["client"],
  web: ["client"],
  local: ["client", "cdk"],
  tests: ["client", "cdk", "web", "local"],
  bench: ["client", "cdk", "local", "tests"],
  scripts: ["client", "cdk", "local", "tests", "bench"],
};

const folderOf = (path: string) => path.split("/")[0] ?? "";

/** Each source file with the files that it imports. Data files, such as JSON, have no direction. */
const imports = new Map(
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...Object.keys(allowed)], {
    encoding: "utf8",
  })
    .split("\n")
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && existsSync(path))
    .map((path) => [path, importsOf(path)]),
);

function importsOf(path: string): string[] {
  return [...readFileSync(path, "utf8").matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]*\.(?:ts|tsx|mjs))"/g)].map(
    ([, to = ""]) => join(dirname(path), to),
  );
}

test("every folder of TypeScript is in the list of layers", () => {
  expect([...new Set([...imports.keys()].map(folderOf))].sort()).toEqual(Object.keys(allowed).sort());
  expect([...imports.values()].flat().length).toBeGreaterThan(500);
});

test("imports point one way: scripts → bench → tests → local → client, cdk", () => {
  const wrong = [...imports].flatMap(([from, targets]) =>
    targets
      .filter((to) => folderOf(to) !== folderOf(from) && !allowed[folderOf(from)]?.includes(folderOf(to)))
      .map((to) => `${from} → ${to}`),
  );
  expect(wrong).toEqual([]);
});

test("nothing imports a command, which is a file directly in scripts", () => {
  const wrong = [...imports].flatMap(([from, targets]) =>
    targets.filter((to) => /^scripts\/[^/]+\.ts$/.test(to)).map((to) => `${from} → ${to}`),
  );
  expect(wrong).toEqual([]);
});

test("imports form no cycles", () => {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
    if (done.has(path) || trail.includes(path)) return;
    for (const to of imports.get(path) ?? []) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});
