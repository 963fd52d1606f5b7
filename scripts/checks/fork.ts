// `npm run fork` in a copy of this folder. The copy, under its new name, must pass the checks that need no local cloud, and
// nothing but what rename.ts lists may have the old name.
import { execFileSync } from "node:child_process";
import { appendFile, cp, mkdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Failure } from "../../local/failure.ts";
import { namesOf, ORIGINAL } from "../fork/names.ts";
import { leftovers } from "../fork/rename.ts";
import type { Output, Report } from "./report.ts";

/** Always the same path, so that cargo can reuse what it compiled. */
const copy = join(tmpdir(), `parlor-fork-${userInfo().uid}`);

/** Two words, so that each form of the name differs from the others. */
const NAME = "Quiet Harbour";

const git = (...args: string[]) => execFileSync("git", ["-C", copy, ...args], { encoding: "utf8" });

const env = () => ({ ...process.env, CARGO_TARGET_DIR: resolve(process.env.CARGO_TARGET_DIR ?? "target") });

/** With `compiles`, the copy also passes the unit tests and compiles, which takes minutes. */
export async function fork(report: Report, { compiles }: { compiles: boolean }): Promise<void> {
  const { name } = JSON.parse(await readFile("package.json", "utf8"));
  if (name !== ORIGINAL.toLowerCase()) {
    console.log(`Renaming is not tried: this is a fork already, named ${name}.`);
    return;
  }
  const renamed =
    (await report.check("Fork: a copy of this folder", makeCopy)) &&
    (await report.check("Fork: renamed, nothing is left of the old name", (output) => rename(output, [])));
  if (!renamed) return;
  const passed = [
    await report.check("Fork: renaming again changes nothing", async ({ run }) => {
      await run("node", ["scripts/run.mjs", "fork", "--name", NAME], { cwd: copy, env: env() });
      const changed = git("status", "--porcelain");
      if (changed !== "") throw new Failure(changed);
    }),
    await report.check("Fork: renamed with its protocol", (output) => rename(output, ["--protocol"])),
    await report.check("Fork: format, lint, types", async ({ run }) => {
      await run("cargo", ["fmt", "--all", "--check"], { cwd: copy, env: env() });
      await run("node_modules/.bin/biome", ["check", "--error-on-warnings"], { cwd: copy });
      await run("node_modules/.bin/tsc", [], { cwd: copy });
    }),
  ];
  if (compiles) passed.push(...(await compile(report)));
  if (!passed.includes(false)) await rm(copy, { recursive: true });
}

async function compile(report: Report): Promise<boolean[]> {
  return [
    await report.check("Fork: unit tests, template", ({ run }) =>
      run("node_modules/.bin/vitest", ["run", "--project", "unit", "--project", "stack"], { cwd: copy }),
    ),
    await report.check("Fork: handlers compile, generated files are up to date", async ({ run }) => {
      const features = ["--features", `${namesOf(NAME).kebab}-protocol/generate`];
      await run("cargo", ["check", "--locked", "--workspace", "--all-targets", ...features], { cwd: copy, env: env() });
      await run("node", ["scripts/run.mjs", "generate", "--check"], { cwd: copy, env: env() });
    }),
  ];
}

/** Copies what git tracks, or would, and commits it there. */
async function makeCopy(): Promise<void> {
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy, { recursive: true });
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  const deleted = execFileSync("git", ["ls-files", "-z", "--deleted"], { encoding: "utf8" }).split("\0");
  for (const path of listed.split("\0").filter((path) => path !== "" && !deleted.includes(path))) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await cp(path, join(copy, path), { preserveTimestamps: true });
  }
  git("init", "--quiet", "--initial-branch=main");
  await symlink(resolve("node_modules"), join(copy, "node_modules"));
  // .gitignore ignores the folder, which is a link here.
  await appendFile(join(copy, ".git/info/exclude"), "node_modules\n");
  commit();
}

function commit(): void {
  git("add", "--all");
  git("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", "All");
}

async function rename({ run }: Output, options: readonly string[]): Promise<void> {
  await run("node", ["scripts/run.mjs", "fork", "--name", NAME, ...options], { cwd: copy, env: env() });
  commit();
  const paths = git("ls-files", "-z").split("\0").filter(Boolean);
  const left = await Promise.all(
    paths.map(async (path) => {
      const lines = leftovers(path, await readFile(join(copy, path), "utf8"), options.length > 0);
      return lines.map((line) => `${path}: ${line}`);
    }),
  );
  if (left.flat().length > 0) throw new Failure(left.flat().join("\n"));
}
