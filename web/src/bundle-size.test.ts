// Limits the page's download size.
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, onTestFinished, test, vi } from "vitest";

const LIMIT_BYTES = 41 * 1024;

test("the page has at most 41 KB of gzipped JavaScript", async () => {
  // Otherwise Vite makes a larger build, for development: the test runner sets this variable.
  vi.stubEnv("NODE_ENV", "production");
  onTestFinished(() => void vi.unstubAllEnvs());
  const configFile = new URL("../vite.config.ts", import.meta.url).pathname;
  const built = await build({ configFile, logLevel: "silent", build: { write: false } });
  if (!("output" in built)) throw new Error("Vite returned more than one build.");
  const scripts = built.output.filter((file) => file.type === "chunk");
  const bytes = scripts.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
  expect(scripts.length).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(LIMIT_BYTES);
}, 60_000);
