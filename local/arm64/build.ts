// Builds the bundle for ARM64: as `cdk deploy` does or, if rustup cannot install the target, with Debian's compilers.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../processes.ts";
import { installVenv, venvBin } from "../venv.ts";

const target = "aarch64-unknown-linux-gnu";
const gcc = "aarch64-linux-gnu-gcc";

export const builderNeeds =
  `\`rustup target add ${target}\` or, on Debian after \`dpkg --add-architecture arm64\`, ` +
  "the packages rustc-web, libstd-rust-web-dev:arm64 and gcc-aarch64-linux-gnu";

/** Returns a function that builds the bundle and returns its path, or undefined if this machine cannot build it. */
export function builder(): (() => Promise<string>) | undefined {
  if (succeeds("rustup", "target", "add", target)) return withCargoLambda;
  if (existsSync(`/usr/lib/rustlib/${target}`) && succeeds(gcc, "--version")) return withDebian;
  return undefined;
}

const succeeds = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

async function withCargoLambda(): Promise<string> {
  await installVenv();
  const folder = ".parlor/arm64";
  const env = { ...process.env, PATH: `${venvBin}:${process.env.PATH}` };
  const bundle = ["--bin", "bootstrap", "--flatten", "bootstrap", "--lambda-dir", folder];
  await run("cargo", ["lambda", "build", "--release", "--arm64", "--locked", ...bundle], { env });
  return join(folder, "bootstrap");
}

async function withDebian(): Promise<string> {
  const env = { ...process.env, RUSTC: "/usr/bin/rustc", CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER: gcc };
  await run("cargo", ["build", "--release", "--locked", "--bin", "bootstrap", "--target", target], { env });
  return join(process.env.CARGO_TARGET_DIR ?? "target", target, "release", "bootstrap");
}
