/** The look of the API's page: the colours and sizes of the web UI, in a file of its own since the page has to do without the UI. */
export const API_STYLE = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f5f6f8, #0f1217);
  --surface: light-dark(#ffffff, #161a20);
  --sunken: light-dark(#eef0f3, #0b0e12);
  --hover: light-dark(#f3f5f8, #1b2028);
  --line: light-dark(#e2e5ea, #272d36);
  --text: light-dark(#181c22, #e5e9ef);
  --muted: light-dark(#59636f, #98a3b1);
  --accent: light-dark(#1d5fd6, #7fabff);
  --good: light-dark(#1a7a43, #3fbf74);
  --warning: light-dark(#9a5a00, #f0b23e);
  --critical: light-dark(#b91c1c, #ff8080);
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Open Sans", "Noto Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Roboto Mono", "DejaVu Sans Mono", monospace;
  --gutter: 1rem;
  --head: 3rem;
}
/* What the reader has chosen in Pulse; otherwise as the device. */
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }
:root[data-theme="contrast"] {
  --ground: light-dark(#ffffff, #000000);
  --surface: light-dark(#ffffff, #000000);
  --sunken: light-dark(#f0f0f0, #141414);
  --hover: light-dark(#e6ecf5, #1f2733);
  --line: light-dark(#6b7280, #8b93a1);
  --text: light-dark(#000000, #ffffff);
  --muted: light-dark(#2b3138, #d9dee6);
  --accent: light-dark(#003c9e, #a9c8ff);
  --good: light-dark(#00501f, #6ff0a2);
  --warning: light-dark(#5c3300, #ffd166);
  --critical: light-dark(#8a0010, #ffa8a8);
}
*, ::before, ::after { box-sizing: border-box; }
html { background: var(--ground); color: var(--text); font: 0.875rem / 1.5 var(--sans); text-size-adjust: 100%; scroll-padding-top: calc(var(--head) + 0.5rem); }
body, h1, h2, h3, p, dl, dd, ul, pre { margin: 0; padding: 0; }
ul { list-style: none; }
a { color: var(--accent); }
code, pre { font: 0.92em / 1.5 var(--mono); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
summary { min-height: 24px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 0.5rem; top: 0.5rem; z-index: 2; padding: 0.5rem; background: var(--surface); }
header { position: sticky; top: 0; z-index: 1; display: flex; align-items: center; justify-content: space-between; gap: 1rem; min-height: var(--head); padding: 0 var(--gutter); border-bottom: 1px solid var(--line); background: var(--surface); }
h1 { font-size: 1.0625rem; }
header p { color: var(--muted); }
.columns { display: grid; grid-template-columns: 18rem minmax(0, 1fr); max-width: 92rem; margin: 0 auto; }
nav { position: sticky; top: var(--head); align-self: start; max-height: calc(100vh - var(--head)); overflow-y: auto; padding: 1rem var(--gutter); border-right: 1px solid var(--line); font-size: 0.8125rem; }
nav > ul > li > a { display: block; padding: 0.375rem 0; font-weight: 600; color: var(--text); text-decoration: none; }
nav ul ul a { display: flex; gap: 0.5rem; align-items: center; min-height: 24px; padding: 0.125rem 0; color: var(--muted); text-decoration: none; overflow-wrap: anywhere; }
nav a:hover { color: var(--accent); }
main { padding: 1rem var(--gutter) 4rem; }
section { margin-bottom: 2rem; }
section > p, section > dl { max-width: 52rem; margin-bottom: 0.75rem; }
h2 { margin-bottom: 0.75rem; font-size: 1.0625rem; }
h3 { margin: 1rem 0 0.375rem; font-size: 0.8125rem; color: var(--muted); }
.route { margin-bottom: 0.375rem; border: 1px solid var(--line); border-radius: 6px; background: var(--surface); }
.route > summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.125rem 0.75rem; min-height: 44px; padding: 0.625rem 0.75rem; border-radius: 6px; cursor: pointer; list-style: none; }
.route > summary::-webkit-details-marker { display: none; }
.route > summary:hover { background: var(--hover); }
.route > summary::before { content: ""; align-self: center; width: 0.4375rem; height: 0.4375rem; border: solid var(--muted); border-width: 0 1.5px 1.5px 0; transform: rotate(-45deg); }
.route[open] > summary::before { transform: rotate(45deg); }
.route > div { padding: 0 0.75rem 0.875rem; scroll-margin-top: 4rem; }
.route:has(> div:target) { border-color: var(--accent); }
.path { font-weight: 600; overflow-wrap: anywhere; }
.what { flex: 1 1 16rem; color: var(--muted); }
.access { font-size: 0.75rem; color: var(--muted); white-space: nowrap; }
.access-public { color: var(--good); }
.access-admin { color: var(--warning); }
.method { flex: none; width: 3.75rem; font: 600 0.75rem / 1.5 var(--mono); color: var(--accent); }
.method-post, .method-put, .method-patch { color: var(--warning); }
.method-delete { color: var(--critical); }
nav .method { width: 3rem; font-size: 0.6875rem; }
pre { overflow-x: auto; padding: 0.625rem 0.75rem; border: 1px solid var(--line); border-radius: 6px; background: var(--sunken); }
table { width: 100%; border-collapse: collapse; font-size: 0.8125rem; }
th, td { padding: 0.3125rem 0.75rem 0.3125rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { font-weight: 600; color: var(--muted); }
tbody th { width: 30%; font-weight: 400; }
tbody td:nth-child(2) { width: 28%; }
small { font-size: 0.75rem; color: var(--muted); }
.depth-1 { padding-left: 1.25rem; }
.depth-2 { padding-left: 2.5rem; }
.depth-3 { padding-left: 3.75rem; }
.depth-4 { padding-left: 5rem; }
.depth-5 { padding-left: 6.25rem; }
.whole { margin-bottom: 0.375rem; }
dl { display: grid; grid-template-columns: 3rem 1fr; gap: 0.125rem 0.5rem; }
dt { font: 600 0.92em / 1.6 var(--mono); }
@media (max-width: 860px) {
  :root { --gutter: 0.75rem; }
  .columns { display: block; }
  nav { position: static; max-height: none; border-right: 0; border-bottom: 1px solid var(--line); }
  nav > ul { display: flex; flex-wrap: wrap; gap: 0 1rem; }
  nav > ul > li > a { min-width: 44px; padding: 0.875rem 0; }
  nav ul ul { display: none; }
  thead { position: absolute; left: -100vw; }
  tr { display: grid; padding: 0.375rem 0; border-bottom: 1px solid var(--line); }
  th, td, tbody th, tbody td:nth-child(2) { width: auto; padding: 0 0 0 var(--indent, 0); border: 0; }
  .depth-1 { --indent: 0.75rem; }
  .depth-2 { --indent: 1.5rem; }
  .depth-3, .depth-4, .depth-5 { --indent: 2.25rem; }
}
@media print {
  header, nav { position: static; }
}
`;
