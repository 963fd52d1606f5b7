// `npm run permissions`: prints the permission matrix, which the scenarios run.
import { parseArgs } from "node:util";
import { Failure } from "../local/failure.ts";
import { actorNames, actors } from "../tests/permissions/actor-names.ts";
import { matrix, type Row } from "../tests/permissions/matrix.ts";

export async function main(args: string[]): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const unknown = positionals.find((name) => !matrix.some(({ route }) => route === name));
  if (unknown)
    throw new Failure(
      `There is no route \`${unknown}\` that anybody can call: the route table is cdk/routes/. Scheduled routes have no rows.`,
    );
  const rows = matrix.filter(({ route }) => positionals.length === 0 || positionals.includes(route));
  const width = (title: string, text: (row: Row) => string) =>
    Math.max(title.length, ...rows.map((row) => text(row).length)) + 2;
  const first = width("", ({ target }) => target);
  const widths = actorNames.map((name) => width(name, ({ answers }) => answers[name]));
  const line = (texts: readonly string[]) => texts.map((text, at) => text.padEnd(widths[at] ?? 0)).join("");

  for (const [name, description] of Object.entries(actors)) console.log(`${name.padEnd(12)}${description}`);
  console.log(`\n  ${"".padEnd(first)}${line(actorNames)}`.trimEnd());
  let previous = "";
  for (const { route, target, answers } of rows) {
    if (route !== previous) console.log(`\n${route}`);
    previous = route;
    console.log(`  ${target.padEnd(first)}${line(actorNames.map((name) => answers[name]))}`.trimEnd());
  }
  console.log(`\n${rows.length} rows, ${rows.length * actorNames.length} cells`);
}
