import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Architecture } from "aws-cdk-lib/aws-lambda";
import { Bundling } from "cargo-lambda-cdk/lib/bundling.js";
import { expect, onTestFinished, test } from "vitest";
import "../cargo-lambda-patch.ts";

test.each(["/tmp/out", "/tmp/my parlor (1)", "/tmp/it's", '/tmp/$HOME "and" `id`', "/tmp/a;b&c|d", "/tmp/ü*?#!~\\"])(
  "cargo gets the output folder %s unchanged",
  (folder) => {
    const bin = mkdtempSync(join(tmpdir(), "parlor-"));
    onTestFinished(() => rmSync(bin, { recursive: true }));
    writeFileSync(join(bin, "cargo"), '#!/bin/sh\nprintf "%s\\n" "$@"\n');
    chmodSync(join(bin, "cargo"), 0o755);
    const command = Bundling.prototype.createBundlingCommand.call({ props: {} } as unknown as Bundling, {
      inputDir: "/",
      outputDir: folder,
      binaryName: "bootstrap",
      osPlatform: "linux",
      architecture: Architecture.ARM_64,
      cargoLambdaFlags: ["--locked"],
      profile: "release",
      manifest: {},
    });
    const { stdout } = spawnSync("bash", ["-c", command], {
      encoding: "utf8",
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    });
    const args = stdout.split("\n");
    expect(args[args.indexOf("--lambda-dir") + 1]).toBe(folder);
    expect(args).toContain("--locked");
  },
);
