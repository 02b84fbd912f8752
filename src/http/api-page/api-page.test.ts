import assert from "node:assert/strict";
import { test } from "node:test";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { BODIES, QUERIES } from "../../contract/examples.ts";
import { toOpenApi } from "../../contract/openapi.ts";
import type { Route } from "../../contract/route.ts";
import { groupOf } from "../../contract/route-groups.ts";
import { ROUTES } from "../../contract/routes.ts";
import { type ApiDocument, toApiPage } from "./api-page.ts";
import { html, sentence } from "./html.ts";

const document = toOpenApi(ROUTES, "5.0.0-test") as unknown as ApiDocument;
const page = toApiPage(document);
const routes = Object.entries(ROUTES) as [string, Route][];

test("the page has every route, with its access, in a group", () => {
  for (const [name, { method, path }] of routes) {
    assert.notEqual(groupOf(path), null, path);
    assert.ok(page.includes(`<div id="${name}">`), name);
    assert.ok(
      page.includes(
        `method-${method.toLowerCase()}">${method}</span> <code class="path">${path.replace(/:(\w+)/g, "{$1}")}</code>`,
      ),
      path,
    );
  }
});

test("every address within the page leads somewhere, and none out of this server", () => {
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  assert.equal(ids.size, [...page.matchAll(/ id="/g)].length, "no id twice");
  const targets = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, target = ""]) => target);
  for (const target of targets) {
    if (target.startsWith("#")) assert.ok(ids.has(target.slice(1)), target);
    else assert.match(target, /^(openapi\.json|docs\/style\.css|\.\.\/(pulse\.svg)?)$/);
  }
});

for (const [name, { body, query }] of routes) {
  if (body)
    test(`the example of ${name} is a body that the route takes`, () => {
      const example = (BODIES as Readonly<Record<string, unknown>>)[name];
      const check = Compile(body as TSchema);
      assert.ok(check.Check(example), JSON.stringify(check.Errors(example)[0]));
    });
  if (query)
    test(`the example of ${name} asks for what the route needs`, () => {
      const example = QUERIES[name as keyof typeof QUERIES] ?? {};
      const check = Compile(query as TSchema);
      assert.ok(check.Check(example), JSON.stringify(check.Errors(example)[0]));
    });
}

test("what a schema says is never taken for HTML", () => {
  const { html: text } = html`<b>${'<i> & "'}</b>${sentence("a `<b>` c")}`;
  assert.equal(text, "<b>&lt;i&gt; &amp; &quot;</b>a <code>&lt;b&gt;</code> c");
});
