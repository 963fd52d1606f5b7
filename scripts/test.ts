// `npm test`: every check there is, one after another; a failing one does not keep the others from running.
import { parseArgs } from "node:util";
import { Failure } from "../local/failure.ts";
import { chromium } from "../tests/support/chromium.ts";
import { endToEnd } from "./checks/end-to-end.ts";
import { newcomer } from "./checks/newcomer.ts";
import { Report } from "./checks/report.ts";
import { rust } from "./checks/rust.ts";
import { typeScript } from "./checks/type-script.ts";

const parts = { rust, ts: typeScript, e2e: endToEnd, newcomer };

export async function main(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const chosen = Object.entries(parts).filter(([name]) => positionals.length === 0 || positionals.includes(name));
  const unknown = positionals.find((name) => !Object.hasOwn(parts, name));
  if (unknown) throw new Failure(`There is no part \`${unknown}\`: choose from ${Object.keys(parts).join(", ")}.`);
  // Now, and not when everything before it has run.
  if (chosen.some(([, part]) => part === endToEnd)) chromium();
  const report = new Report();
  for (const [, part] of chosen) await part(report);
  return report.finish();
}
