// `npm run audit`: what is deployed, that is the crates of the functions and the packages of the page. Licences, sources,
// duplicates and known vulnerabilities.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { Failure } from "../local/failure.ts";
import { run } from "../local/processes.ts";
import { cargoDeny } from "./audit/cargo-deny.ts";
import { Report } from "./checks/report.ts";

export async function main(args: string[]): Promise<number> {
  parseArgs({ args });
  const report = new Report();
  let deny = "";
  const installed = await report.check("cargo-deny", async () => {
    deny = await cargoDeny();
  });
  if (installed) {
    await report.check("Crates: licences, sources, duplicates", () =>
      run(deny, ["--locked", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"]),
    );
    await report.check("Crates: known vulnerabilities", () => checkAdvisories(deny));
  }
  await report.check("Packages: known vulnerabilities", checkPackages);
  return report.finish();
}

async function checkAdvisories(deny: string): Promise<void> {
  const fetched = spawnSync(deny, ["fetch", "db"], { encoding: "utf8" });
  if (fetched.stderr.includes("failed to fetch advisory database")) {
    console.log("Left out: the database of advisories, github.com/RustSec/advisory-db, cannot be reached from here.");
    return;
  }
  await run(deny, ["--locked", "check", "--hide-inclusion-graph", "advisories"]);
}

async function checkPackages(): Promise<void> {
  const audit = spawnSync("npm", ["audit", "--omit=dev", "--json"], { encoding: "utf8" });
  if (!JSON.parse(audit.stdout).auditReportVersion) {
    console.log("Left out: the registry that npm uses here does not answer `npm audit`.");
    return;
  }
  if (audit.status !== 0) throw new Failure("There are known vulnerabilities: `npm audit --omit=dev` says which.");
}
