// The project's own Python environment: MiniStack, cargo-lambda (with zig) and cfn-lint, as requirements.txt pins them.
import { existsSync, readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { resolve } from "node:path";
import { run } from "./processes.ts";
import { step } from "./step.ts";

const venv = resolve(".parlor/venv");
const requirements = "requirements.txt";
/** The requirements that the environment was made from; written last, so that a broken-off installation starts again. */
const installed = resolve(venv, requirements);

export const venvBin = resolve(venv, "bin");

export async function installVenv(): Promise<void> {
  if (existsSync(installed) && readFileSync(installed, "utf8") === readFileSync(requirements, "utf8")) return;
  await step("Installing MiniStack, cargo-lambda and cfn-lint", async (onLine) => {
    const failure = "The Python packages could not be installed: see the lines above, then try again.";
    await run("python3", ["-m", "venv", venv], { onLine, failure });
    const pip = ["install", "--disable-pip-version-check", "--progress-bar=off", "--requirement", requirements];
    await run(resolve(venvBin, "pip"), pip, { onLine, failure });
    await copyFile(requirements, installed);
  });
}
