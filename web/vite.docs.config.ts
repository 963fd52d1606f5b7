// Builds /api/docs next to the page. A build of its own: it shares no chunk with the page, so the page stays as small as it is.
import { defineConfig, mergeConfig } from "vite";
import page from "./vite.config.ts";

export default mergeConfig(
  page,
  defineConfig({
    publicDir: false,
    build: {
      emptyOutDir: false,
      rolldownOptions: { input: "docs.html" },
      // Swagger UI, already minified, is 1.7 MB.
      chunkSizeWarningLimit: 2_500,
    },
  }),
);
