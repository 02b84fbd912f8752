import { isBuiltin } from "node:module";
import { stripVTControlCharacters } from "node:util";
import { defineConfig, type Plugin } from "rolldown";

/** Packages with a compiled part stay in node_modules; all other code goes into the bundle, which starts twice as fast. */
const NATIVE = [/^@node-rs\//];

/** What marks a builtin that the plugin below loads. */
const MARK = "\0builtin:";

/**
 * Asks Node for its own modules as they are. An ES import would make Node look at each of their exports, and so load what only some of them
 * need: its own copy of undici, for the WebSocket that "node:http" exports. That is a sixth of the start.
 */
const builtins: Plugin = {
  name: "builtins",
  resolveId(id) {
    // NOTE: what rolldown puts before everything else imports this one.
    if (!isBuiltin(id) || id.endsWith("module")) return null;
    return { id: MARK + (id.startsWith("node:") ? id : `node:${id}`), moduleSideEffects: false };
  },
  load(id) {
    if (!id.startsWith(MARK)) return null;
    return `module.exports = process.getBuiltinModule(${JSON.stringify(id.slice(MARK.length))});`;
  },
};

/** The server and the simulator: src → dist. Every chunk lies in dist itself, so that `../dist` is the same place from `src` and `dist`. */
export default defineConfig({
  input: { pulse: "src/main.ts", simulator: "src/simulator/main.ts" },
  platform: "node",
  external: NATIVE,
  plugins: [builtins],
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
    // A third of the text, which Node reads at every start.
    comments: false,
  },
});
