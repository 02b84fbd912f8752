import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";
import { toAnchor } from "../../src/kit/heading-anchor.ts";
import { docsPages } from "./docs-pages.ts";

const SERVED = new Map(docsPages("5.6.7").map(({ path, content }) => [path, String(content)]));
/** The UI's, beside them. */
const BESIDE = new Set(["", "pulse.svg"]);

const pages = [...SERVED].filter(([path]) => path.endsWith(".html"));

/** Whether a page that is served has this heading, or anything has this name. */
function isThere(path: string, anchor: string | undefined): boolean {
  const target = SERVED.get(path);
  if (anchor === undefined) return target !== undefined || BESIDE.has(path.replace(/^\.?\/?/, ""));
  return target?.includes(` id="${anchor}"`) === true;
}

test("every page of the documentation is served, says its title and the version, and leads only to what is there", () => {
  assert.equal(pages.length, globSync("docs/**/*.md").length);
  const wrong: string[] = [];
  for (const [path, html] of pages) {
    if (!html.includes("5.6.7")) wrong.push(`${path}: no version`);
    if (!/<title>\S.* · Pulse<\/title>/.test(html)) wrong.push(`${path}: no title`);
    for (const [, target = ""] of html.matchAll(/ (?:href|src)="([^"]*)"/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = "", anchor] = target.split("#");
      if (!isThere(file === "" ? path : posix.join(posix.dirname(path), file), anchor))
        wrong.push(`${path}: ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("every page for users is one of the contents, and the contents are on every page", () => {
  const users = globSync("*.md", { cwd: "docs" }).filter(file => file !== "README.md");
  for (const [path, html] of pages) {
    const [, contents = ""] = html.split('<nav id="pages"');
    const missing = users.filter(file => !contents.includes(`/${file}"`.replace("/", "").replace(".md", ".html")));
    assert.deepEqual(missing, [], path);
  }
});

test("nothing of the pages needs what the server's policy forbids", () => {
  for (const [path, html] of pages)
    assert.doesNotMatch(html, /<script(?! src=)|<style| style=| on[a-z]+="|(?:src|href)="(?:data|javascript):/, path);
});

test("a link that is named after the file has the title of the page", () => {
  const named = pages.filter(([, html]) => /<a [^>]*>[\w/.-]+\.md<\/a>/.test(html)).map(([path]) => path);
  assert.deepEqual(named, []);
  assert.match(SERVED.get("docs/alerts.html") ?? "", /<a href="notifications.html">Notifications<\/a>/);
});

test("code stands as it was written", () => {
  const html = SERVED.get("docs/widgets.html") ?? "";
  assert.match(html, /&#60;p class=&#34;color-highlight&#34;&#62;\{\{ \.JSON\.Int &#34;problems&#34; \}\} problems/);
});

/** Where the page's help leads: `docs="alerts#signals"`. */
const HELP = globSync("src/web/**/*.tsx").flatMap(file =>
  [...readFileSync(file, "utf8").matchAll(/\bdocs(?:=|: )"([^"]*)"/g)].map(([, place = ""]) => ({ file, place })),
);

test("every help that leads to the documentation leads to a page and a heading that are there", () => {
  assert.ok(HELP.length > 0, "none was found");
  const wrong = HELP.filter(({ place }) => {
    const [page = "", anchor] = place.split("#");
    return !isThere(`docs/${page}.html`, anchor);
  });
  assert.deepEqual(wrong, []);
});

test("the anchor of a heading is as GitHub makes it, and of two alike the second is told apart", () => {
  const taken = new Set<string>();
  assert.deepEqual(
    ["What happens when…", "`pulse.yaml`", "Alerts", "Alerts"].map(heading => toAnchor(heading, taken)),
    ["what-happens-when", "pulseyaml", "alerts", "alerts-1"],
  );
});
