import { existsSync, globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { Marked, type RendererObject, type Token, type Tokens } from "marked";
import { toAnchor } from "../../src/kit/heading-anchor.ts";
import { type Contents, type Heading, toHtml, toText } from "./docs-html.ts";

// The documentation as pages that Pulse itself serves: docs/*.md as dist/web/docs/*.html, beside the UI. They need no network, and are of the
// version that is running.

/** A file that is served; `path` below the UI's folder. */
export interface Served {
  readonly path: string;
  readonly content: string | Buffer;
}

/** Where docs/README.md is: the first page. */
const FIRST = "README.md";
/** What makes the pages look as the UI does, and its own. */
const STYLES = ["src/web/ui/tokens.css", "src/web/ui/base.css", "src/web/docs/docs.css"];

/** All that is served below docs/: the pages, what they show and link to, and how they look. */
export function docsPages(version: string): Served[] {
  const contents = contentsOf(read(FIRST));
  const linked = new Set<string>();
  const pages = globSync("**/*.md", { cwd: "docs" })
    .sort()
    .map(file => ({ path: `docs/${toPath(file)}`, content: toPage(file, contents, version, linked) }));
  return [
    ...pages,
    ...[...linked].sort().map(file => ({ path: `docs/${file}`, content: readFileSync(`docs/${file}`) })),
    { path: "docs/docs.css", content: STYLES.map(style => readFileSync(style, "utf8")).join("\n") },
    { path: "docs/docs.js", content: readFileSync("src/web/docs/docs.js", "utf8") },
  ];
}

const read = (file: string) => readFileSync(`docs/${file}`, "utf8");

/** A page of the documentation, as a browser asks for it. */
function toPath(file: string): string {
  return file.replace(/(^|\/)README\.md$/, "$1index.md").replace(/\.md$/, ".html");
}

/** `linked` gets the files besides pages that this one needs. */
function toPage(file: string, contents: Contents, version: string, linked: Set<string>): string {
  const headings: Heading[] = [];
  const body = new Marked({ renderer: rendererFor(file, headings, linked) }).parse(read(file), { async: false });
  return toHtml({ path: toPath(file), home: "../".repeat(file.split("/").length), headings, body, contents, version });
}

function rendererFor(file: string, headings: Heading[], linked: Set<string>): RendererObject {
  const anchors = new Set<string>();
  const here = () => toText(headings.at(-1)?.text ?? file);
  return {
    heading({ tokens, depth }) {
      const text = textOf(tokens);
      const id = toAnchor(text, anchors);
      headings.push({ depth, id, text });
      return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
    link({ href, tokens }) {
      // Where the link is named after the file, it is named after the page here.
      const text =
        href.split("#")[0] === textOf(tokens) ? toText(titleOf(file, href)) : this.parser.parseInline(tokens);
      const target = toTarget(file, href, linked);
      // Of the sources, which are not here.
      return target === null ? text : `<a href="${toText(target)}">${text}</a>`;
    },
    image({ href, text }) {
      return `<img src="${toText(toTarget(file, href, linked) ?? href)}" alt="${toText(text)}" loading="lazy">`;
    },
    // Wider than a phone they move by themselves, also by keys.
    code: ({ text }) => `<pre tabindex="0"><code>${toText(text)}</code></pre>\n`,
    table({ header, rows }) {
      const row = (cells: Tokens.TableCell[], tag: "th" | "td") =>
        `<tr>${cells.map(cell => toCell(cell, tag, this.parser.parseInline(cell.tokens))).join("")}</tr>`;
      return `<div class="wide" role="region" aria-label="Table: ${here()}" tabindex="0"><table>
<thead>${row(header, "th")}</thead>
<tbody>${rows.map(cells => row(cells, "td")).join("\n")}</tbody>
</table></div>\n`;
    },
  };
}

/** A head of which nothing is said is none. */
function toCell({ align }: Tokens.TableCell, tag: "th" | "td", inner: string): string {
  const cell = tag === "th" && inner === "" ? "td" : tag;
  return `<${cell}${align ? ` class="${align}"` : ""}>${inner}</${cell}>`;
}

/** Where a link of `file` leads; null: to what is not served. */
function toTarget(file: string, href: string, linked: Set<string>): string | null {
  if (/^[a-z]+:/.test(href)) return href;
  const [path = "", anchor] = href.split("#");
  const hash = anchor === undefined ? "" : `#${anchor}`;
  if (path === "") return hash;
  const target = posix.join(posix.dirname(file), path);
  if (target.startsWith("..") || !existsSync(`docs/${target}`)) return null;
  if (!target.endsWith(".md")) linked.add(target);
  return toPath(path) + hash;
}

/** The title of the page that `href` of `file` leads to; `href` itself, where it leads to none. */
function titleOf(file: string, href: string): string {
  const target = posix.join("docs", posix.dirname(file), href.split("#")[0] ?? "");
  if (!target.endsWith(".md") || !existsSync(target)) return href;
  return /^# (.*)$/m.exec(readFileSync(target, "utf8"))?.[1] ?? href;
}

/** What the first page leads to, in the groups of its tables: the first cell of a head is the group, that of a line the page. */
function contentsOf(first: string): Contents {
  const tables = new Marked().lexer(first).filter((token): token is Tokens.Table => token.type === "table");
  return tables.map(({ header, rows }) => ({
    name: header[0]?.text ?? "",
    pages: rows.flatMap(([cell]) =>
      (cell?.tokens ?? []).flatMap(token =>
        token.type === "link" ? { name: (token as Tokens.Link).text, path: toPath((token as Tokens.Link).href) } : [],
      ),
    ),
  }));
}

/** What a heading says, without its marks. */
function textOf(tokens: readonly Token[]): string {
  return tokens.map(token => ("tokens" in token && token.tokens ? textOf(token.tokens) : asWritten(token))).join("");
}

/** The text of a token as it was written: what is only text is escaped by marked. */
function asWritten(token: Token): string {
  return "text" in token && typeof token.text === "string" ? token.text : token.raw;
}
