import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { missingPrerequisites } from "./prerequisites.mjs";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Puts a fake cargo first in PATH: it prints this version, or fails. */
function cargo(version?: string): void {
  const folder = mkdtempSync(join(tmpdir(), "parlor-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "cargo"), `#!/bin/sh\n${version ? `echo cargo ${version}` : "exit 1"}\n`);
  chmodSync(join(folder, "cargo"), 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
}

test("says how to update an old Rust", () => {
  vi.stubEnv("RUSTUP_TOOLCHAIN", undefined);
  cargo("1.70.0");
  expect(missingPrerequisites(["rust"])).toEqual([
    expect.stringMatching(/this is 1\.70\.0: run `rustup update stable`\.$/),
  ]);
});

test("says to unset RUSTUP_TOOLCHAIN if it selects an old Rust", () => {
  vi.stubEnv("RUSTUP_TOOLCHAIN", "1.70.0");
  cargo("1.70.0");
  expect(missingPrerequisites(["rust"])).toEqual([expect.stringContaining("unset RUSTUP_TOOLCHAIN")]);
});

test("names a toolchain that is not installed", () => {
  vi.stubEnv("RUSTUP_TOOLCHAIN", "1.2.3");
  cargo();
  expect(missingPrerequisites(["rust"])).toEqual([
    expect.stringContaining("RUSTUP_TOOLCHAIN selects a toolchain that is not installed, 1.2.3"),
  ]);
});

test.each([":", "#", "?", "*"])("rejects a folder with %s in its path", (odd) => {
  vi.spyOn(process, "cwd").mockReturnValue(`/home/ada/a${odd}b/parlor`);
  expect(missingPrerequisites([])).toEqual([expect.stringContaining(`contains \`${odd}\``)]);
});

test("accepts any other folder", () => {
  vi.spyOn(process, "cwd").mockReturnValue("/home/ada/it's $HOME & 100% (1) ü");
  expect(missingPrerequisites([])).toEqual([]);
});
