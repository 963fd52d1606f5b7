// Several kinds of tests: unit tests need nothing; all others need a running stage, whose addresses are in the file that
// PARLOR_OUTPUTS names, and take it one file at a time.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{cdk,client,scripts,web/src}/**/*.test.{ts,tsx}", "{chaos,roles}/*.test.ts"],
          exclude: ["**/system/**", "**/node_modules/**"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "local",
          include: ["scripts/local/system/*.test.ts"],
          fileParallelism: false,
          testTimeout: 180_000,
        },
      },
      { test: { name: "scenarios", include: ["scenarios/**/*.test.ts"], fileParallelism: false } },
      { test: { name: "roles", include: ["roles/system/*.test.ts"], fileParallelism: false, testTimeout: 60_000 } },
      { test: { name: "page", include: ["web/tests/**/*.test.ts"], fileParallelism: false } },
      { test: { name: "chaos", include: ["chaos/system/*.test.ts"], fileParallelism: false, testTimeout: 300_000 } },
    ],
  },
});
