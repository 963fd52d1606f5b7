// Builds the page into static files. Nothing is inlined, because the content security policy allows no inline code.
import { defineConfig, type Plugin } from "vite";
import { brandPlugin } from "./brand-plugin.ts";
import { emojiRows } from "./emoji-rows.ts";

/** Replaces Vite's code for preloading what a lazy chunk loads in turn. The page's chunks load nothing, not even styles. */
const noPreload: Plugin = {
  name: "no-preload",
  enforce: "pre",
  load(id) {
    return id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : undefined;
  },
};

const VIRTUAL_ROWS = "virtual:emoji-rows";

const emojiData: Plugin = {
  name: "emoji-data",
  resolveId: (id) => (id === VIRTUAL_ROWS ? `\0${id}` : undefined),
  load: (id) => (id === `\0${VIRTUAL_ROWS}` ? `export default ${JSON.stringify(emojiRows())}` : undefined),
};

/** The entry, and what several chunks share that is too small for a chunk of its own. */
const inEntry =
  /src\/(main|components\/(avatar|brand|field|icon|room\/(notes|rooms-nav|lobby-link)|moderation\/moderation)|text\/normalize|state\/slow-mode|browser\/clipboard)\.tsx?$/;

/** What surrounds the log, and what other chunks share with it. The lobby lists rooms too. */
const withSurroundings =
  /(components\/(surroundings-parts|icons|option-box|confirmed|use-attempt|log\/copy-action)|state\/room-form)\.tsx?$/;

/** What a room says besides its messages, and what other chunks share with it. */
const withNotes =
  /(components\/room\/(room-notes|name-form|explanation)|text\/(notice-text|restriction-text|rules-text)|state\/(standings|notice-announcements|room-announcements))\.tsx?$/;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [brandPlugin, noPreload, emojiData],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "baseline-widely-available",
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      // The first load is two files: the entry, with what both views need, and the view that the address names. Otherwise
      // each set of modules that the same chunks share is split off.
      output: {
        codeSplitting: {
          groups: [
            { name: "page", test: inEntry, priority: 1 },
            { name: "surroundings", test: withSurroundings },
            { name: "room-notes", test: withNotes },
          ],
        },
      },
    },
  },
});
