// The project's own Python environment: MiniStack, cargo-lambda (with zig) and cfn-lint, as requirements.txt pins them.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { resolve } from "node:path";
import { run } from "./processes.ts";
import { step } from "./step.ts";

const venv = resolve(".parlor/venv");
const requirements = "requirements.txt";
/** The requirements that the environment was made from; written last, so that an interrupted installation starts again. */
const installed = resolve(venv, requirements);

export const venvBin = resolve(venv, "bin");
/** Runs the others: as scripts they have the folder's path in them, and it may be moved. */
export const venvPython = resolve(venvBin, "python");
export const cfnLint = ["-c", "import sys; from cfnlint.runner import main; sys.exit(main())"];

export async function installVenv(): Promise<void> {
  if (isInstalled()) return;
  await step("Installing MiniStack, cargo-lambda and cfn-lint", async (onLine) => {
    const failure = "The Python packages could not be installed: see the lines above, then try again.";
    await run("python3", ["-m", "venv", "--clear", venv], { onLine, failure });
    // A pip.conf may want packages in the person's own folder.
    const pip = ["-m", "pip", "install", "--no-user", "--disable-pip-version-check", "--progress-bar=off"];
    await run(venvPython, [...pip, "--requirement", requirements], { onLine, failure });
    await copyFile(requirements, installed);
  });
}

function isInstalled(): boolean {
  if (!existsSync(installed) || readFileSync(installed, "utf8") !== readFileSync(requirements, "utf8")) return false;
  // Not when the Python that it was made from is gone, or another one.
  return spawnSync(venvPython, ["-c", "import ministack"]).status === 0;
}
