import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { missingPrerequisites } from "./prerequisites.mjs";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Puts a cargo first in the path that says this, or that does not run. */
function cargo(version?: string): void {
  const folder = mkdtempSync(join(tmpdir(), "parlor-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "cargo"), `#!/bin/sh\n${version ? `echo cargo ${version}` : "exit 1"}\n`);
  chmodSync(join(folder, "cargo"), 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
}

test("an old Rust is to be updated", () => {
  vi.stubEnv("RUSTUP_TOOLCHAIN", undefined);
  cargo("1.70.0");
  expect(missingPrerequisites(["rust"])).toEqual([
    expect.stringMatching(/this is 1\.70\.0: run `rustup update stable`\.$/),
  ]);
});

test("where RUSTUP_TOOLCHAIN has chosen the old Rust, that is to be unset", () => {
  vi.stubEnv("RUSTUP_TOOLCHAIN", "1.70.0");
  cargo("1.70.0");
  expect(missingPrerequisites(["rust"])).toEqual([expect.stringContaining("unset RUSTUP_TOOLCHAIN")]);
});

test("a toolchain that is not installed is named", () => {
  vi.stubEnv("RUSTUP_TOOLCHAIN", "1.2.3");
  cargo();
  expect(missingPrerequisites(["rust"])).toEqual([
    expect.stringContaining("RUSTUP_TOOLCHAIN names one that is not here, 1.2.3"),
  ]);
});

test.each([":", "#", "?", "*"])("a folder with %s in its path is to be renamed", (odd) => {
  vi.spyOn(process, "cwd").mockReturnValue(`/home/ada/a${odd}b/parlor`);
  expect(missingPrerequisites([])).toEqual([expect.stringContaining(`has a \`${odd}\``)]);
});

test("any other folder will do", () => {
  vi.spyOn(process, "cwd").mockReturnValue("/home/ada/it's $HOME & 100% (1) ü");
  expect(missingPrerequisites([])).toEqual([]);
});
