// Builds the page into static files. Nothing is inlined, because the content security policy allows no inline code.
import { defineConfig, type Plugin } from "vite";

/** Replaces Vite's code for preloading what a lazy chunk loads in turn. The page's chunks load nothing, not even styles. */
const noPreload: Plugin = {
  name: "no-preload",
  enforce: "pre",
  load(id) {
    return id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : undefined;
  },
};

const sharedByViews =
  /src\/(components\/(account|nav|avatar|dialog|field|option-box|password-field)\b|state\/lobby\.ts|text\/password\.ts)/;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [noPreload],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "baseline-widely-available",
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      // The first load is three files: the entry with all that it imports, the view that the address names, and what the
      // views have in common. Otherwise each set of modules that the same chunks share is split off.
      output: {
        codeSplitting: {
          groups: [
            { name: "page", test: /src\/main\.tsx$/, priority: 3 },
            { name: "shared", test: sharedByViews, priority: 2 },
            { name: "room-page", test: /\/(room-page|not-found-page)\.tsx$/, priority: 1 },
          ],
        },
      },
    },
  },
});
