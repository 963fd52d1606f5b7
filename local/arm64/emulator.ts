// Runs ARM64 programs on this machine.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const library = "/usr/aarch64-linux-gnu";

export const emulatorNeeds = "`sudo apt install qemu-user-static libc6-arm64-cross` on Debian or Ubuntu";

/** Returns the command prefix, or undefined if this machine cannot run ARM64 programs. */
export function emulator(): string[] | undefined {
  if (process.platform === "linux" && process.arch === "arm64") return [];
  const qemu = "qemu-aarch64-static";
  const isThere = existsSync(library) && spawnSync(qemu, ["--version"]).status === 0;
  return isThere ? [qemu, "-L", library] : undefined;
}
