// Limits the page's download size.
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, onTestFinished, test, vi } from "vitest";

/** All JavaScript that is downloaded before the page shows the lobby or, in a room, what is needed to read and write. */
const FIRST_LOAD_BYTES = 45 * 1024;

/** The views that an address can name. */
const VIEWS = ["room-page", "lobby-page"];

/** Each chunk that is downloaded later, by name. */
const LAZY_BYTES: Record<string, number> = {
  "account-parts": 2048,
  "complete-sign-in": 1024,
  conversations: 9 * 1024,
  // With saving files, which a room's details and the person's data share too.
  "copy-button": 1024,
  // In the lists of people to mention, and of emoji.
  "completion-list": 1536,
  "emoji-parts": 3 * 1024,
  // The names of all emoji, and words to find them by.
  "_virtual_emoji-rows": 46 * 1024,
  // In details, moderation and the account.
  "dialog-button": 512,
  // Mostly the Markdown parser.
  "formatted-text": 17 * 1024,
  "mention-list": 1024,
  // With the form that reports a message.
  "message-actions": 3 * 1024,
  "not-found-page": 512,
  notification: 512,
  // The provider's answers and their checks.
  "open-id": 8 * 1024,
  "reply-preview": 2048,
  // What moderators and those who report need.
  "report-text": 512,
  "shortcuts-dialog": 1024,
  "sign-in-outcome": 768,
  // With notifications.
  "followed-rooms": 2560,
  handle: 512,
  handles: 768,
  "log-input": 1536,
  menu: 1024,
  "moderation-parts": 5 * 1024,
  "person-dialog": 3 * 1024,
  // Mostly the QR code.
  "room-details": 11 * 1024,
  "rename-dialog": 1024,
  // Notices, announcements, the form before a room, and why one cannot write in it or enter it.
  "room-notes": 6 * 1024,
  "rule-inputs": 1024,
  // Of the rules, and of moderation.
  "select-field": 512,
  // The lists beside the log, which the lobby has too, and the icons.
  surroundings: 7.5 * 1024,
  "switcher-dialog": 1536,
  // How room-details, switcher-dialog and mention-list search.
  match: 512,
  // What Rolldown adds for modules that are loaded whole.
  "rolldown-runtime": 512,
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
  const withImports = (fileNames: Iterable<string>) => {
    const all = new Set(fileNames);
    for (const name of all) for (const imported of chunks.get(name)?.imports ?? []) all.add(imported);
    return all;
  };
  const sizeOf = (fileName: string) => gzipSync(chunks.get(fileName)?.code ?? "").length;

  const entries = [...chunks.keys()].filter((fileName) => String(html).includes(`src="/${fileName}"`));
  expect(entries).toHaveLength(1);
  const views = [...chunks.values()].filter(({ name }) => VIEWS.includes(name));
  expect(views).toHaveLength(VIEWS.length);
  for (const { name, fileName } of views) {
    const bytes = [...withImports([...entries, fileName])].reduce((sum, each) => sum + sizeOf(each), 0);
    expect(bytes, `the first load with ${name}`).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
  }

  const first = withImports(entries);
  const lazy = [...chunks.values()].filter(({ name, fileName }) => !first.has(fileName) && !VIEWS.includes(name));
  expect(lazy.map(({ name }) => name).sort()).toEqual(Object.keys(LAZY_BYTES).sort());
  for (const { name, fileName } of lazy) expect(sizeOf(fileName), name).toBeLessThanOrEqual(LAZY_BYTES[name] ?? 0);
}, 60_000);
