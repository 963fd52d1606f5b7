// Limits the page's download size.
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, onTestFinished, test, vi } from "vitest";

/** All JavaScript that is downloaded before the page shows anything. */
const FIRST_LOAD_BYTES = 45 * 1024;

/** Each chunk that is downloaded later, by name. */
const LAZY_BYTES: Record<string, number> = {
  conversations: 9 * 1024,
  // Mostly the Markdown parser.
  "formatted-text": 17 * 1024,
  "mention-list": 2048,
  "reply-preview": 2048,
  "shortcuts-dialog": 1024,
  "followed-rooms": 1536,
  "log-input": 1536,
  menu: 1024,
  // Mostly the QR code.
  "room-details": 10 * 1024,
  "rename-dialog": 1024,
  "rule-inputs": 1024,
  "switcher-dialog": 1536,
  // How room-details and switcher-dialog search.
  match: 512,
};

test("the first load and each lazy chunk stay within their sizes of gzipped JavaScript", async () => {
  // Otherwise Vite makes a larger build, for development: the test runner sets this variable.
  vi.stubEnv("NODE_ENV", "production");
  onTestFinished(() => void vi.unstubAllEnvs());
  const configFile = new URL("../vite.config.ts", import.meta.url).pathname;
  const built = await build({ configFile, logLevel: "silent", build: { write: false } });
  if (!("output" in built)) throw new Error("Vite returned more than one build.");
  const chunks = new Map(
    built.output.flatMap((file) => (file.type === "chunk" ? [[file.fileName, file] as const] : [])),
  );

  const html = built.output.flatMap((file) =>
    file.fileName === "index.html" && "source" in file ? [file.source] : [],
  );
  const first = new Set([...chunks.keys()].filter((fileName) => String(html).includes(`src="/${fileName}"`)));
  for (const name of first) for (const imported of chunks.get(name)?.imports ?? []) first.add(imported);
  const sizeOf = (name: string) => gzipSync(chunks.get(name)?.code ?? "").length;
  expect(first.size).toBeGreaterThan(0);
  expect([...first].reduce((sum, name) => sum + sizeOf(name), 0)).toBeLessThanOrEqual(FIRST_LOAD_BYTES);

  const lazy = [...chunks.values()].filter(({ fileName }) => !first.has(fileName));
  expect(lazy.map(({ name }) => name).sort()).toEqual(Object.keys(LAZY_BYTES).sort());
  for (const { name, fileName } of lazy) expect(sizeOf(fileName), name).toBeLessThanOrEqual(LAZY_BYTES[name] ?? 0);
}, 60_000);
