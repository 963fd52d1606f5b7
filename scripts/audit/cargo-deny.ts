// Installs cargo-deny once, into the target folder.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "../../local/processes.ts";
import { step } from "../../local/step.ts";

const version = "0.20.2";

/** Returns the path of the program. */
export async function cargoDeny(): Promise<string> {
  const folder = resolve(process.env.CARGO_TARGET_DIR ?? "target", `cargo-deny-${version}`);
  const binary = resolve(folder, "bin", "cargo-deny");
  if (existsSync(binary)) return binary;
  await step("Installing cargo-deny", (onLine) =>
    run("cargo", ["install", "cargo-deny", "--locked", "--version", version, "--root", folder], {
      onLine,
      failure: "cargo-deny could not be installed: see the lines above.",
    }),
  );
  return binary;
}
