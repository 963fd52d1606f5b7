// `npm run attacks`: the attack table. The scenarios carry it out.
import { parseArgs } from "node:util";
import { Failure } from "../local/failure.ts";
import { type Row, table } from "../tests/permissions/table.ts";
import { everyone, whos } from "../tests/permissions/who.ts";

export async function main(args: string[]): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const unknown = positionals.find((name) => !table.some(({ route }) => route === name));
  if (unknown) throw new Failure(`There is no route \`${unknown}\`: the route table is cdk/routes/.`);
  const rows = table.filter(({ route }) => positionals.length === 0 || positionals.includes(route));
  const width = (title: string, text: (row: Row) => string) =>
    Math.max(title.length, ...rows.map((row) => text(row).length)) + 2;
  const first = width("", ({ on }) => on);
  const widths = everyone.map((who) => width(who, ({ answers }) => answers[who]));
  const line = (texts: readonly string[]) => texts.map((text, at) => text.padEnd(widths[at] ?? 0)).join("");

  for (const [who, what] of Object.entries(whos)) console.log(`${who.padEnd(12)}${what}`);
  console.log(`\n  ${"".padEnd(first)}${line(everyone)}`.trimEnd());
  let shown = "";
  for (const { route, on, answers } of rows) {
    if (route !== shown) console.log(`\n${route}`);
    shown = route;
    console.log(`  ${on.padEnd(first)}${line(everyone.map((who) => answers[who]))}`.trimEnd());
  }
  console.log(`\n${rows.length} rows, ${rows.length * everyone.length} cells`);
}
