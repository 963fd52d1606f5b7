import { expect, test } from "vitest";
import { plan } from "./apply.ts";
import { namesOf, requireUnused } from "./names.ts";
import { leftovers, renameText, sortLockfile } from "./rename.ts";

const names = namesOf("Quiet Harbour");

test.each([
  ["Parlor is ready", "Quiet Harbour is ready"],
  ["new ParlorError()", "new QuietHarbourError()"],
  ["use parlor_chat::now;", "use quiet_harbour_chat::now;"],
  ["parlor-chat = 1", "quiet-harbour-chat = 1"],
  [".parlor/outputs.json", ".quiet-harbour/outputs.json"],
  ["localStorage parlor.name", "localStorage quiet-harbour.name"],
  ["PARLOR_OUTPUTS", "QUIET_HARBOUR_OUTPUTS"],
  ["Parlour", "Parlour"],
])("%s becomes %s", (before, after) => {
  expect(renameText(before, names, false)).toBe(after);
});

test("identifiers of the protocol are renamed only with the protocol", () => {
  const wire = "parlor.v1 parlor-pass x-parlor-edge x-parlor-viewer";
  expect(renameText(wire, names, false)).toBe(wire);
  expect(leftovers("a.ts", wire, false)).toEqual([]);
  const renamed = "quiet-harbour.v1 quiet-harbour-pass x-quiet-harbour-edge x-quiet-harbour-viewer";
  expect(renameText(wire, names, true)).toBe(renamed);
  expect(leftovers("a.ts", wire, true)).not.toEqual([]);
});

test("a renamed text stays as it is when renamed again", () => {
  const once = renameText("Parlor parlor_chat PARLOR_OUTPUTS parlor.v1 ParlorApi", names, false);
  expect(renameText(once, names, false)).toBe(once);
});

test("the license and recorded input keep the name, other files and paths do not", () => {
  expect(leftovers("LICENSE", "The Parlor authors", false)).toEqual([]);
  expect(leftovers("handlers/fuzz/corpus/events/connect", "parlor.v1", true)).toEqual([]);
  expect(leftovers("bin/parlor.ts", "", false)).toEqual(["bin/parlor.ts"]);
  expect(leftovers("README.md", "one\nParlor", false)).toEqual(["Parlor"]);
});

test.each(["", "H", "1st", "Harbour!", "Hafen-", "Quiet  Harbour", "Häfen", "A2 3", "x".repeat(25)])(
  "the name %j is refused: it fits no crate or stack",
  (name) => {
    expect(() => namesOf(name)).toThrow("choose 2 to 24 ASCII letters and digits");
  },
);

test("a name that contains the old one is refused, because renaming again would change it", () => {
  expect(() => namesOf("New Parlor")).toThrow("contains Parlor");
});

test.each([
  ["a crate", "Aws", 'name = "aws-lambda"'],
  ["a type", "Http", "new HttpApi()"],
  ["somebody in the tests", "Ada", 'join("ada")'],
  ["a reserved name", "Admin", '["System", "Admin"]'],
])("a name that is already %s is refused", (_, name, text) => {
  expect(() => requireUnused(namesOf(name), [text])).toThrow("already uses");
  expect(() => requireUnused(names, [text])).not.toThrow();
});

test("a clone with another name is not renamed", () => {
  const files = [{ path: "package.json", text: '{ "name": "marina" }' }];
  expect(() => plan(files, names, false)).toThrow("already named marina");
});

test("what a merge brings is renamed in a clone that has the name already", () => {
  const files = [
    { path: "package.json", text: '{ "name": "quiet-harbour" }' },
    { path: "new.ts", text: "Parlor" },
  ];
  expect(plan(files, names, false).map(({ to }) => to)).toEqual([{ path: "new.ts", text: "Quiet Harbour" }]);
});

test("Cargo.lock is in cargo's order", () => {
  const entry = (name: string, ...dependencies: string[]) =>
    `\n[[package]]\nname = "${name}"\ndependencies = [\n${dependencies.map((d) => ` "${d}",\n`).join("")}]\n`;
  const head = "version = 4\n";
  const before = head + entry("b", "z", "a") + entry("m") + entry("a");
  expect(sortLockfile(before)).toBe(head + entry("a") + entry("b", "a", "z") + entry("m"));
});
