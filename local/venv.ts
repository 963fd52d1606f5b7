// The project's Python environment: MiniStack, cargo-lambda (with zig) and cfn-lint, pinned by requirements.txt.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { resolve } from "node:path";
import { run } from "./processes.ts";
import { step } from "./step.ts";

const venv = resolve(".parlor/venv");
const requirements = "requirements.txt";
/** A copy of the installed requirements. Written last, so that an interrupted installation is repeated. */
const record = resolve(venv, requirements);

export const venvBin = resolve(venv, "bin");
/** Runs the installed programs: their own scripts contain the folder's path and break when it is moved. */
export const venvPython = resolve(venvBin, "python");
export const cfnLint = ["-c", "import sys; from cfnlint.runner import main; sys.exit(main())"];

export async function installVenv(): Promise<void> {
  if (venvIsInstalled()) return;
  await step("Installing MiniStack, cargo-lambda and cfn-lint", async (onLine) => {
    const failure = "The Python packages could not be installed: see the lines above, then try again.";
    await run("python3", ["-m", "venv", "--clear", venv], { onLine, failure });
    // A pip.conf may set `user`.
    const pip = ["-m", "pip", "install", "--no-user", "--disable-pip-version-check", "--progress-bar=off"];
    await run(venvPython, [...pip, "--requirement", requirements], { onLine, failure });
    await copyFile(requirements, record);
  });
}

/** Whether the environment has what requirements.txt lists. */
export function venvIsInstalled(): boolean {
  if (!existsSync(record) || readFileSync(record, "utf8") !== readFileSync(requirements, "utf8")) return false;
  // Fails if the Python installation behind the environment was removed or replaced.
  return spawnSync(venvPython, ["-c", "import ministack"]).status === 0;
}
