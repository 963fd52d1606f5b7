// `npm run diff:local`: lists how the local stage's template differs from the one for AWS, and why.
import { parseArgs } from "node:util";
import { localDifferences } from "../cdk/local-differences.ts";
import { type Difference, differences } from "../cdk/template/compare.ts";

export async function main(args: string[]): Promise<void> {
  parseArgs({ args });
  const all = differences();
  for (const { name, reason } of localDifferences) {
    console.log(`\n${name}: ${reason}`);
    show(all.filter((difference) => difference.name === name));
  }
  const unlisted = all.filter(({ name }) => name === undefined);
  if (unlisted.length > 0) console.log("\nNot in the list of intended differences:");
  show(unlisted);
}

/** Prints a difference that many resources of one type have only once. */
function show(found: readonly Difference[]): void {
  const resources = new Map<string, string[]>();
  for (const { place, local, aws } of found) {
    const [type = "", id = "", ...path] = place.split(" ");
    const key = [`${type} ${path.join(" ")}`, `    local  ${local ?? "–"}`, `    AWS    ${aws ?? "–"}`].join("\n");
    resources.set(key, [...(resources.get(key) ?? []), id]);
  }
  for (const [difference, ids] of resources) {
    const [place, ...values] = difference.split("\n");
    console.log(
      [`  ${place?.trimEnd()} (${ids.length === 1 ? ids[0] : `${ids.length} of them`})`, ...values].join("\n"),
    );
  }
}
