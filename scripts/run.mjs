// Runs a command of this folder, also in a fresh clone: checks the machine, installs npm packages, then calls the command.
// Plain JavaScript without dependencies, because nothing is installed when it starts.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { commands, help } from "./commands.mjs";
import { tidy } from "./environment.mjs";
import { missingPrerequisites } from "./prerequisites.mjs";

const [name = "", ...args] = process.argv.slice(2);

// Files that are written here must be readable by their owner, whatever the umask.
process.umask(process.umask() & 0o077);
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
process.exit(await main());

async function main() {
  const command = commands[name];
  if (!command || args.includes("--help") || args.includes("-h")) {
    console.log(help(name));
    return command ? 0 : 1;
  }
  tidy(process.env, command.usesAws);
  const missing = missingPrerequisites(command.needs);
  if (missing.length > 0) {
    console.error(missing.join("\n"));
    return 1;
  }
  if (!packagesAreInstalled() && !(await installPackages())) {
    console.error("Could not install the npm packages: see the lines above, then try again.");
    return 1;
  }
  try {
    const { register } = await import("tsx/esm/api");
    register();
    const script = await import(`./${name}.ts`);
    return (await script.main(args)) ?? 0;
  } catch (error) {
    // A Failure, a wrong option or an account's refusal is the user's to fix: print the message only. Anything else is a bug:
    // print the stack.
    const isRefusal = command.usesAws && error?.$fault !== undefined;
    const isUserError = isRefusal || error?.name === "Failure" || String(error?.code).startsWith("ERR_PARSE_ARGS");
    console.error(isUserError ? error.message : error);
    return 1;
  }
}

/** Compares npm's record in node_modules with package-lock.json. */
function packagesAreInstalled() {
  try {
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
    const installed = JSON.parse(readFileSync("node_modules/.package-lock.json", "utf8")).packages;
    return Object.entries(packages).every(
      ([path, { version, optional }]) => path === "" || optional || installed[path]?.version === version,
    );
  } catch {
    return false;
  }
}

async function installPackages() {
  console.log("Installing npm packages");
  // An .npmrc may omit some of them.
  const all = ["--include=dev", "--include=optional", "--include=peer"];
  const npm = spawn("npm", ["ci", ...all, "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", "ignore", "inherit"],
    detached: true,
  });
  const stop = () => process.exit(130);
  const kill = () => npm.pid && process.kill(-npm.pid, "SIGKILL");
  process.on("exit", kill).on("SIGINT", stop).on("SIGTERM", stop);
  const code = await new Promise((resolve) => npm.on("exit", resolve).on("error", () => resolve(1)));
  process.off("exit", kill).off("SIGINT", stop).off("SIGTERM", stop);
  return code === 0;
}
