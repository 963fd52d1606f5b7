// Renames a clone in place.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "../../local/failure.ts";
import { type Names, ORIGINAL, requireUnused } from "./names.ts";
import { keptFiles, renameText, sortLockfile } from "./rename.ts";

interface File {
  readonly path: string;
  readonly text: string;
}

/** A file before and after. */
export interface Change {
  readonly from: File;
  readonly to: File;
}

const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** Returns the clone's tracked text files. A file that is not UTF-8 has no text. */
export function trackedFiles(): File[] {
  const paths = git("ls-files", "-z").split("\0").filter(Boolean);
  return paths.flatMap((path) => {
    try {
      return [{ path, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path)) }];
    } catch (error) {
      if (error instanceof TypeError) return [];
      throw error;
    }
  });
}

const isKept = (file: File) => keptFiles.some(({ path }) => path.test(file.path));

/** Throws a `Failure` unless git could restore all that a renaming changes. */
export function requireClean(): void {
  let changed: string;
  try {
    changed = git("status", "--porcelain", "--untracked-files=no");
  } catch {
    throw new Failure("Git has to know every file before it is renamed: run this in a clone, with git installed.");
  }
  if (changed !== "") {
    throw new Failure(`There are changes that are not committed: commit or stash them first.\n${changed.trimEnd()}`);
  }
}

/** Returns what has to change, or throws a `Failure` if the clone cannot have this name. */
export function plan(files: readonly File[], names: Names, protocol: boolean): Change[] {
  const { name } = JSON.parse(files.find(({ path }) => path === "package.json")?.text ?? "{}");
  if (name !== names.kebab) {
    if (name !== ORIGINAL.toLowerCase()) {
      throw new Failure(
        `This clone is already named ${name}: only ${ORIGINAL} can be renamed. Undo that commit first.`,
      );
    }
    const code = files.filter((file) => !isKept(file) && !file.path.endsWith(".md"));
    requireUnused(
      names,
      code.map(({ text }) => text),
    );
  }
  return files.flatMap((from) => {
    if (isKept(from)) return [];
    const renamed = renameText(from.text, names, protocol);
    const text = from.path === "Cargo.lock" ? sortLockfile(renamed) : renamed;
    const to = { path: renameText(from.path, names, protocol), text };
    return to.path === from.path && to.text === from.text ? [] : [{ from, to }];
  });
}

/** Writes the changes, keeping each file's mode. */
export function write(changes: readonly Change[]): void {
  for (const { from, to } of changes) {
    writeFileSync(from.path, to.text);
    if (to.path === from.path) continue;
    mkdirSync(dirname(to.path), { recursive: true });
    renameSync(from.path, to.path);
  }
}
