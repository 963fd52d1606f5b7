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
      // The first load is two files: the entry, with what both views need, and the view that the address names. Otherwise
      // each set of modules that the same chunks share is split off.
      output: {
        codeSplitting: {
          groups: [
            { name: "page", test: /src\/(main|components\/(avatar|field|password-field))\.tsx$/, priority: 4 },
            { name: "account", test: /\/(account-parts|sign-in-page)\.tsx?$/, priority: 3 },
            { name: "panels", test: /\/(panel-contents|option-box)\.tsx?$/, priority: 2 },
            { name: "room-page", test: /\/(room-page|not-found-page)\.tsx$/, priority: 1 },
          ],
        },
      },
    },
  },
});
