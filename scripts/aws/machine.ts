// What this machine needs to build what AWS gets.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { venvIsInstalled } from "../../local/venv.ts";
import { missingPrerequisites } from "../prerequisites.mjs";
import { type Finding, ok, problem, warning } from "./findings.ts";

const target = "aarch64-unknown-linux-gnu";

export interface Machine {
  /** One sentence per missing program. */
  missing(): string[];
  /** Whether Rust's standard library for Lambda's ARM64 processors is installed. */
  hasTarget(): boolean;
  hasCargoLambda(): boolean;
}

export const thisMachine: Machine = {
  missing: () => missingPrerequisites(["rust", "python", "compiler"]),
  hasTarget() {
    const { status, stdout } = spawnSync("rustc", ["--print", "target-libdir", "--target", target], {
      encoding: "utf8",
    });
    return status === 0 && existsSync(stdout.trim());
  },
  hasCargoLambda: venvIsInstalled,
};

export function checkMachine(machine: Machine): Finding[] {
  const missing = machine.missing();
  return [
    ...missing.map((sentence) => problem("Tools", sentence)),
    ...(missing.length === 0 ? [ok("Tools", `Node ${process.versions.node}, Rust, Python and a C compiler`)] : []),
    machine.hasTarget()
      ? ok("Rust target", target)
      : problem("Rust target", `${target} is missing: run \`rustup target add ${target}\`.`),
    machine.hasCargoLambda()
      ? ok("cargo-lambda", "installed in .parlor/venv")
      : warning("cargo-lambda", "not installed yet: `npm run deploy` installs it into .parlor/venv, with pip."),
  ];
}
