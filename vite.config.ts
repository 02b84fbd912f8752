import { defineConfig } from "vite";
import solid from "vite-plugin-solid";

/**
 * The web UI: src/web → dist/web. Relative addresses, so that it works below any path of a reverse proxy; nothing inline, so that the
 * server's Content-Security-Policy needs no exception.
 */
export default defineConfig({
  root: "src/web",
  base: "./",
  plugins: [solid()],
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
