/** Groups of pages, as the first page has them; `path` is below docs/. */
export type Contents = readonly {
  readonly name: string;
  readonly pages: readonly { readonly name: string; readonly path: string }[];
}[];

export interface Heading {
  readonly depth: number;
  readonly id: string;
  readonly text: string;
}

interface Page {
  /** Below docs/. */
  readonly path: string;
  /** The way to the UI: "../". */
  readonly home: string;
  readonly headings: readonly Heading[];
  readonly body: string;
  readonly contents: Contents;
  readonly version: string;
}

/** A page of the documentation: what it says, what else is on it, and what other pages there are. Nothing of it needs its script. */
export function toHtml({ path, home, headings, body, contents, version }: Page): string {
  const docs = home.slice("../".length);
  const [title] = headings;
  const parts = headings.filter(({ depth }) => depth === 2);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${toText(title?.text ?? path)} · Pulse</title>
<link rel="icon" href="${home}pulse.svg" type="image/svg+xml">
<link rel="stylesheet" href="${docs}docs.css">
<script src="${docs}docs.js"></script>
</head>
<body>
<a class="skip" href="#content">To the text</a>
<header>
<a class="home" href="${home}"><img src="${home}pulse.svg" alt="" width="22" height="22"> Pulse</a>
<a href="${docs}index.html">Documentation</a>
<a class="to-pages" href="#pages">All pages</a>
</header>
<div class="columns">
<main id="content" tabindex="-1">
${parts.length < 2 ? "" : toParts(parts)}
${body}</main>
<nav id="pages" aria-label="Documentation">
${contents.map(group => toGroup(group, path, docs)).join("\n")}
<p>Pulse ${toText(version)}</p>
</nav>
</div>
</body>
</html>
`;
}

function toParts(parts: readonly Heading[]): string {
  const links = parts.map(({ id, text }) => `<li><a href="#${id}">${toText(text)}</a></li>`);
  return `<nav class="parts" aria-label="On this page"><details><summary>On this page</summary><ul>${links.join("")}</ul></details></nav>`;
}

function toGroup({ name, pages }: Contents[number], path: string, docs: string): string {
  const links = pages.map(page => {
    const current = page.path === path ? ' aria-current="page"' : "";
    return `<li><a href="${docs}${page.path}"${current}>${toText(page.name)}</a></li>`;
  });
  return `<p>${toText(name)}</p><ul>${links.join("")}</ul>`;
}

export function toText(text: string): string {
  return text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`);
}
