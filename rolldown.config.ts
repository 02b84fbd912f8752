import { stripVTControlCharacters } from "node:util";
import { defineConfig } from "rolldown";

/** Packages with a compiled part stay in node_modules; all other code goes into the bundle, which starts twice as fast. */
const NATIVE = [/^@node-rs\//];

/** The server and the simulator: src → dist. Every chunk lies in dist itself, so that `../dist` is the same place from `src` and `dist`. */
export default defineConfig({
  input: { pulse: "src/main.ts", simulator: "src/simulator/main.ts" },
  platform: "node",
  external: NATIVE,
  onLog(level, log, print) {
    // What cannot be found now would be missing at the start.
    if (log.code === "UNRESOLVED_IMPORT") throw new Error(stripVTControlCharacters(log.message));
    print(level, log);
  },
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "shared-[name].js",
    sourcemap: true,
  },
});
