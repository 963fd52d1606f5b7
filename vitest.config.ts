// `unit` and `stack` need nothing. The other projects, except `local`, need a running stage, whose addresses are in the file
// that PARLOR_OUTPUTS names.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Each synthesized template leaves its assets, 22 MB, in the folder for temporary files. */
const temporary = mkdtempSync(join(tmpdir(), "parlor-test-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));
const env = { TMPDIR: temporary };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{client,local,scripts,web/src}/**/*.test.{ts,tsx}", "tests/{chaos,roles,structure}/*.test.ts"],
          exclude: ["**/system/**", "**/node_modules/**"],
          testTimeout: 60_000,
          env,
        },
      },
      // Without isolation, a worker loads aws-cdk-lib once rather than once per file.
      { test: { name: "stack", include: ["cdk/**/*.test.ts"], isolate: false, testTimeout: 60_000, env } },
      {
        test: {
          name: "local",
          include: ["tests/local-cloud/*.test.ts", "scripts/aws/system/*.test.ts"],
          fileParallelism: false,
          testTimeout: 180_000,
        },
      },
      { test: { name: "scenarios", include: ["tests/scenarios/**/*.test.ts"], fileParallelism: false } },
      {
        test: { name: "roles", include: ["tests/roles/system/*.test.ts"], fileParallelism: false, testTimeout: 60_000 },
      },
      // Page tests share the lobby but no rooms, so two files can run at a time.
      { test: { name: "page", include: ["tests/page/**/*.test.ts"], maxWorkers: 2 } },
      {
        test: {
          name: "chaos",
          include: ["tests/chaos/system/*.test.ts"],
          fileParallelism: false,
          testTimeout: 300_000,
        },
      },
    ],
  },
});
