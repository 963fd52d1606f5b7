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
      // The first load is one file: the entry with all that it imports. Otherwise what lazy chunks share with it is split off.
      output: { codeSplitting: { groups: [{ name: "page", test: /src\/main\.tsx$/ }] } },
    },
  },
});
