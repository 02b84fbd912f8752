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

/**
 * Writes what ASCII lacks as escapes. V8 keeps the text of a bundle for as long as it runs, to compile functions when they are first
 * called: a byte a character as long as all are ASCII, two for every one when a single character is not.
 */
const oneByteText: Plugin = {
  name: "one-byte-text",
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "chunk") continue;
      // In there, an escape would be six characters.
      if (/String\.raw`[^`]*[^\0-\x7f]/.test(file.code))
        throw new Error(`${file.fileName}: String.raw takes ASCII only`);
      file.code = file.code.replace(/[^\0-\x7f]/g, toEscape);
    }
  },
};

function toEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** The server and the simulator: src → dist. Every chunk lies in dist itself, so that `../dist` is the same place from `src` and `dist`. */
export default defineConfig({
  input: { pulse: "src/main.ts", simulator: "src/simulator/main.ts" },
  platform: "node",
  external: NATIVE,
  plugins: [builtins, oneByteText],
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
    // Half of the text, which Node reads at every start and keeps. Names stay, so that the stack of an error can be read.
    comments: false,
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  },
});
