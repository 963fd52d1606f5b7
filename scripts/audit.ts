// `npm run audit`: licenses, sources, duplicates and known vulnerabilities of the crates and npm packages that are deployed.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { Failure } from "../local/failure.ts";
import { cargoDeny } from "./audit/cargo-deny.ts";
import { type Output, Report } from "./checks/report.ts";

export async function main(args: string[]): Promise<number> {
  parseArgs({ args });
  const report = new Report();
  let deny = "";
  const installed = await report.check("cargo-deny", async () => {
    deny = await cargoDeny();
  });
  if (installed) {
    await report.check("Crates: licenses, sources, duplicates", ({ run }) =>
      run(deny, ["--locked", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"]),
    );
    await report.check("Crates: known vulnerabilities", (output) => checkAdvisories(deny, output));
  }
  await report.check("Packages: known vulnerabilities", checkPackages);
  return report.finish();
}

async function checkAdvisories(deny: string, { log, run }: Output): Promise<void> {
  const fetched = spawnSync(deny, ["fetch", "db"], { encoding: "utf8" });
  if (fetched.stderr.includes("failed to fetch advisory database")) {
    log("Skipped: cannot reach the advisory database, github.com/RustSec/advisory-db.");
    return;
  }
  await run(deny, ["--locked", "check", "--hide-inclusion-graph", "advisories"]);
}

async function checkPackages({ log }: Output): Promise<void> {
  const audit = spawnSync("npm", ["audit", "--omit=dev", "--json"], { encoding: "utf8" });
  if (!JSON.parse(audit.stdout).auditReportVersion) {
    log("Skipped: the npm registry does not support `npm audit`.");
    return;
  }
  if (audit.status !== 0) throw new Failure("There are known vulnerabilities: run `npm audit --omit=dev`.");
}
