// Several kinds of tests: unit tests need nothing; all others need a running stage, whose addresses are in the file that
// PARLOR_OUTPUTS names, and take it one file at a time.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "{cdk,client,local,scripts,web/src}/**/*.test.{ts,tsx}",
            "tests/{chaos,roles,permissions,structure}/*.test.ts",
          ],
          exclude: ["**/system/**", "**/node_modules/**"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "local",
          include: ["tests/local-cloud/*.test.ts"],
          fileParallelism: false,
          testTimeout: 180_000,
        },
      },
      { test: { name: "scenarios", include: ["tests/scenarios/**/*.test.ts"], fileParallelism: false } },
      {
        test: { name: "roles", include: ["tests/roles/system/*.test.ts"], fileParallelism: false, testTimeout: 60_000 },
      },
      { test: { name: "page", include: ["tests/page/**/*.test.ts"], fileParallelism: false } },
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
