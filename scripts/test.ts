// `npm test`: runs the checks. A failed check does not stop the others.
import { parseArgs } from "node:util";
import { Failure } from "../local/failure.ts";
import { chromium } from "../tests/support/chromium.ts";
import { endToEnd, quickScenarios } from "./checks/end-to-end.ts";
import { fork } from "./checks/fork.ts";
import { newcomer } from "./checks/newcomer.ts";
import { Report } from "./checks/report.ts";
import { rust, rustQuick } from "./checks/rust.ts";
import { generated, typeScript, typeScriptQuick } from "./checks/type-script.ts";

type Part = (report: Report) => Promise<unknown>;

const all = ["rust", "ts", "e2e", "newcomer", "fork"] as const;
const parts: Readonly<Record<string, Part>> = {
  rust,
  ts: async (report) => {
    await typeScript(report);
    await generated(report);
  },
  e2e: endToEnd,
  newcomer,
  fork: (report) => fork(report, { compiles: true }),
  quick: (report) => Promise.all([rustQuick(report).then(() => quickScenarios(report)), typeScriptQuick(report)]),
  all: async (report) => {
    await Promise.all([rust(report), typeScript(report)]);
    await generated(report);
    await endToEnd(report);
    await newcomer(report);
    await fork(report, { compiles: false });
  },
};

export async function main(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const unknown = positionals.find((name) => name === "all" || !Object.hasOwn(parts, name));
  if (unknown) throw new Failure(`There is no part \`${unknown}\`: choose from quick, ${all.join(", ")}.`);
  const chosen = positionals.length === 0 ? ["all"] : positionals;
  // Fail now rather than after all other checks.
  if (chosen.includes("all") || chosen.includes("e2e")) chromium();
  const report = new Report();
  for (const name of chosen) await parts[name]?.(report);
  return report.finish();
}
