// `npm run fork`: gives the product in this clone another name. docs/fork.md says what else a fork changes.
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { Failure } from "../local/failure.ts";
import { run } from "../local/processes.ts";
import { type Change, plan, requireClean, trackedFiles, write } from "./fork/apply.ts";
import { type Names, namesOf, ORIGINAL } from "./fork/names.ts";

export async function main(args: string[]): Promise<void> {
  const options = { name: { type: "string" }, protocol: { type: "boolean", default: false } } as const;
  const { values } = parseArgs({ args, options });
  if (values.name === undefined) throw new Failure('Give the new name: npm run fork -- --name "Harbour"');
  const names = namesOf(values.name);
  requireClean();
  const changes = plan(trackedFiles(), names, values.protocol);
  if (changes.length === 0) {
    console.log(`Everything is named ${names.display} already: nothing changed.`);
    return;
  }
  write(changes);
  await tidyUp(changes);
  console.log(summary(changes, names, values.protocol));
}

/** Restores what depends on the name's length, place in the alphabet or hash. */
async function tidyUp(changes: readonly Change[]): Promise<void> {
  const failure =
    "The files are renamed, but see the lines above. `git restore .` and `git clean --force bin` undo it.";
  const formatted = changes
    .map(({ to }) => to.path)
    .filter((path) => /\.(ts|tsx|mts|mjs|js|json|css|html)$/.test(path));
  console.log("Formatting");
  if (formatted.length > 0) {
    const biome = ["check", "--write", "--no-errors-on-unmatched", "--log-level=error", ...formatted];
    await run("node_modules/.bin/biome", biome, { failure });
  }
  await run("cargo", ["fmt", "--all"], { failure });
  console.log("Updating the snapshots of the template");
  const lines: string[] = [];
  const onLine = (line: string) => lines.push(line);
  await run("node_modules/.bin/vitest", ["run", "--project", "stack", "--update"], { failure, onLine }).catch(
    (error) => {
      console.error(lines.join("\n"));
      throw error;
    },
  );
}

function summary(changes: readonly Change[], names: Names, protocol: boolean): string {
  const { display, kebab, snake, pascal, upper } = names;
  const folders = new Map<string, number>();
  for (const { to } of changes) {
    const folder = to.path.includes("/") ? `${to.path.split("/")[0]}/` : "files at the top";
    folders.set(folder, (folders.get(folder) ?? 0) + 1);
  }
  const moved = changes
    .filter(({ from, to }) => from.path !== to.path)
    .map(({ from, to }) => `${from.path} → ${to.path}`);
  const wire = protocol
    ? `The protocol: subprotocol ${kebab}.v1, headers ${kebab}-pass and x-${kebab}-…. Clients made for ${ORIGINAL} cannot connect.`
    : `Kept, because clients and CloudFront send them: the subprotocol parlor.v1, the headers parlor-pass and x-parlor-…. --protocol renames them.`;
  const steps = [
    "Look at the changes: git diff --stat, then git diff.",
    "npm run generate -- --check && npm test -- quick",
    `git add --all && git commit --message "Name it ${display}"`,
    "Draw a logo, and choose colors: web/brand.ts; take new pictures in docs/images.",
    "docs/fork.md lists what else people change first.",
  ];
  if (existsSync(".parlor")) {
    steps.unshift(
      "Delete the folder .parlor: it holds the local rooms and tools of before, and git no longer ignores it.",
    );
  }
  return [
    `Renamed ${changes.length} files: ${[...folders].map(([folder, count]) => `${folder} ${count}`).join(", ")}.`,
    ...moved,
    "",
    `Texts: ${display}. Stacks, crates, packages, folders, stored keys: ${kebab}. Rust paths: ${snake}. Types: ${pascal}. Variables: ${upper}.`,
    wire,
    "LICENSE keeps its copyright notice, as the license requires. The fuzz corpus is recorded and stays as it is.",
    "A stage that is deployed already is not renamed: the next deployment makes a new stack beside it, without its rooms.",
    "",
    "Next:",
    ...steps.map((step, i) => `${i + 1}. ${step}`),
  ].join("\n");
}
