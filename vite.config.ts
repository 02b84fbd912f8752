import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import solid from "vite-plugin-solid";
import packageJson from "./package.json" with { type: "json" };
import { docsPages } from "./scripts/docs/docs-pages.ts";
import { textsNeededBy } from "./scripts/first-texts.ts";

/**
 * The web UI: src/web → dist/web. Relative addresses, so that it works below any path of a reverse proxy; nothing inline, so that the
 * server's Content-Security-Policy needs no exception.
 */
export default defineConfig({
  root: "src/web",
  base: "./",
  plugins: [solid(), firstTexts(), preloadsPage(), documentation(), offline(), compressed()],
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The page uses names and lists of the model, and checks nothing by its schemas.
    rolldownOptions: {
      treeshake: { manualPureFunctions: ["Type"] },
      output: { codeSplitting: { groups: [{ name: firstOrLater, debugName: "first" }] } },
    },
  },
});

/**
 * What runs first, and what that loads as soon as it knows the language: what each of them needs is a file. Everything else is split by what
 * needs it.
 */
const FIRST = ["main.tsx", "open.tsx"];

function firstOrLater(id: string, modules: Modules): string | null {
  // NOTE: on its own: it waits for what it loads, which must not wait for it.
  if (id.endsWith("/src/web/main.tsx")) return null;
  const reached = (entry: string) => {
    const seen = new Set([join(import.meta.dirname, "src/web", entry)]);
    for (const one of seen) for (const needed of modules.getModuleInfo(one)?.importedIds ?? []) seen.add(needed);
    return seen;
  };
  const all = reaches.get(modules) ?? FIRST.map(reached);
  reaches.set(modules, all);
  return ["base", "page"][all.findIndex(reach => reach.has(id))] ?? null;
}

/** What the bundler tells of all modules. */
interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}
/** The modules that each of FIRST needs before it can run, found once a build. */
const reaches = new WeakMap<Modules, ReadonlySet<string>[]>();

/** Divides the German texts: those that the first page says, which are loaded before it, and the others. */
function firstTexts(): Plugin {
  return {
    name: "first-texts",
    load(id) {
      const [, name] = /\/src\/web\/words\/de-(first|rest)\.ts$/.exec(id) ?? [];
      if (name === undefined) return null;
      for (const file of globSync("src/web/**/*.{ts,tsx}")) this.addWatchFile(resolve(file));
      const first = textsNeededBy(FIRST, "src/web");
      const texts = Object.entries(germanTexts()).filter(([key]) => first.has(key) === (name === "first"));
      return `export const ${name.toUpperCase()} = ${JSON.stringify(Object.fromEntries(texts))};`;
    },
  };
}

/** As they are now: `npm run dev` asks again and again. */
function germanTexts(): Record<string, string> {
  const print = 'import { DE } from "./src/web/words/de/all.ts"; process.stdout.write(JSON.stringify(DE))';
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", print], { encoding: "utf8" }));
}

/**
 * Lets the document name what main.tsx loads next, and the styles of that, so that the browser fetches and compiles it at the same time. Nothing of
 * it runs before it is asked for.
 */
function preloadsPage(): Plugin {
  return {
    name: "preloads-page",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle = {} }) {
        const files = Object.values(bundle).flatMap(file => (file.type === "chunk" ? [file] : []));
        const wanted = new Set(files.filter(({ name }) => name === "open").map(({ fileName }) => fileName));
        for (const name of wanted)
          for (const needed of files.find(({ fileName }) => fileName === name)?.imports ?? []) wanted.add(needed);
        const styles = files.flatMap(({ fileName, viteMetadata }) =>
          wanted.has(fileName) ? [...(viteMetadata?.importedCss ?? [])] : [],
        );
        const toLink = (rel: string) => (name: string) => ({
          tag: "link",
          attrs: { rel, crossorigin: true, href: `./${name}` },
          injectTo: "head" as const,
        });
        const missing = (name: string) => !html.includes(name);
        return [
          ...[...wanted].filter(missing).map(toLink("modulepreload")),
          ...[...new Set(styles)].filter(missing).map(toLink("stylesheet")),
        ];
      },
    },
  };
}

/** Puts the documentation beside the page. */
function documentation(): Plugin {
  return {
    name: "documentation",
    apply: "build",
    buildStart() {
      for (const file of globSync("docs/**/*.md")) this.addWatchFile(resolve(file));
    },
    generateBundle() {
      for (const { path, content } of docsPages(packageJson.version))
        this.emitFile({ type: "asset", fileName: path, source: content });
    },
  };
}

/** Tells the service worker which files there are, so that it can open the page without network. */
function offline(): Plugin {
  const worker = "dist/web/service-worker.js";
  const others = ["service-worker.js", "push-worker.js", "index.html"];
  return {
    name: "offline",
    apply: "build",
    closeBundle() {
      const files = globSync("**/*.{js,css,svg,png,webmanifest,woff2}", { cwd: "dist/web", exclude: ["docs/**"] })
        .filter(file => !others.includes(file))
        .sort();
      const hash = createHash("sha256").update(readFileSync("dist/web/index.html"));
      for (const file of files) hash.update(file).update(readFileSync(`dist/web/${file}`));
      const build = hash.digest("hex").slice(0, 12);
      const source = readFileSync(worker, "utf8")
        .replace('const BUILD = "";', `const BUILD = ${JSON.stringify(build)};`)
        .replace("const FILES = [];", `const FILES = ${JSON.stringify(files)};`);
      writeFileSync(worker, source);
    },
  };
}

/** Puts a .br and a .gz beside each file of text, so that the server never compresses them. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    closeBundle() {
      for (const path of globSync("dist/web/**/*.{html,js,css,svg,webmanifest}")) {
        const content = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}
