import { globSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import solid from "vite-plugin-solid";

/**
 * The web UI: src/web → dist/web. Relative addresses, so that it works below any path of a reverse proxy; nothing inline, so that the
 * server's Content-Security-Policy needs no exception.
 */
export default defineConfig({
  root: "src/web",
  base: "./",
  plugins: [solid(), compressed()],
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The page uses names and lists of the model, and checks nothing by its schemas.
    rolldownOptions: { treeshake: { manualPureFunctions: ["Type"] } },
  },
});

/** Puts a .br and a .gz beside each file of text, so that the server never compresses them. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    closeBundle() {
      for (const path of globSync("dist/web/**/*.{html,js,css,svg}")) {
        const content = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}
