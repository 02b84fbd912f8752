import type { Theme } from "../../model/user-settings.ts";
import { type Html, html, sentence } from "./html.ts";
import { referenceOf, type Schema, type Schemas } from "./schema.ts";
import { toSchemaTable } from "./schema-table.ts";

interface Parameter {
  name: string;
  in: string;
  required: boolean;
  schema: Schema;
  example?: string;
}
type Content = Readonly<Record<string, { schema: Schema; example?: unknown }>>;
interface Operation {
  operationId: string;
  summary: string;
  tags: readonly string[];
  "x-access": string;
  parameters: readonly Parameter[];
  requestBody?: { content: Content };
  responses: Readonly<Record<string, { description: string; content?: Content }>>;
}
/** An OpenAPI document as `contract/openapi.ts` makes it. */
export interface ApiDocument {
  info: { version: string };
  tags: readonly { name: string }[];
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: { schemas: Schemas };
}

interface Route extends Operation {
  method: string;
  path: string;
}

const ACCESS: Readonly<Record<string, string>> = {
  public: "anybody",
  read: "needs the right to read",
  write: "needs the right to write",
  agent: "needs a token that may report",
  admin: "for administrators",
};
/** Answers that every route may give; they are told once, at the top. */
const USUAL = ["400", "401", "403", "404", "429", "500"];

/**
 * The document as one page without scripts: every route by its group, then the schemas. All addresses are relative to `/api/`. `theme`:
 * its colours.
 */
export function toApiPage(document: ApiDocument, theme: Theme = "system"): string {
  const { schemas } = document.components;
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Route => ({ ...operation, method: method.toUpperCase(), path })),
  );
  const groups = document.tags.map(({ name }) => ({ name, routes: routes.filter(({ tags }) => tags.includes(name)) }));
  const usual = usualFaults(routes);
  return html`<!doctype html>
<html lang="en" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Pulse API</title>
<link rel="icon" href="../pulse.svg" type="image/svg+xml">
<link rel="stylesheet" href="docs/style.css">
</head>
<body>
<a class="skip" href="#content">To the routes</a>
<header><h1>Pulse API</h1><p>${document.info.version} · <a href="openapi.json">OpenAPI 3.1</a> · <a href="../">Pulse</a></p></header>
<div class="columns">
<nav aria-label="Routes"><ul><li><a href="#about">Calling the API</a></li>${groups.map(toContents)}<li><a href="#live">The live stream</a></li><li><a href="#schemas">Schemas</a></li></ul></nav>
<main id="content">
${about(usual)}
${groups.map(group => html`<section aria-labelledby="${slugOf(group.name)}"><h2 id="${slugOf(group.name)}">${group.name}</h2>${group.routes.map(route => toRoute(route, schemas, usual))}</section>\n`)}
${LIVE}
<section aria-labelledby="schemas"><h2 id="schemas">Schemas</h2>${Object.entries(schemas)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, schema]) => toSchema(name, schema))}</section>
</main>
</div>
</body>
</html>
`.html;
}

function toContents({ name, routes }: { name: string; routes: readonly Route[] }): Html {
  return html`<li><a href="#${slugOf(name)}">${name}</a><ul>${routes.map(({ method, path, operationId }) => html`<li><a href="#${operationId}">${methodMark(method)} ${shortened(path)}</a></li>`)}</ul></li>`;
}

function toRoute(route: Route, schemas: Schemas, usual: Readonly<Record<string, string>>): Html {
  const { method, path, operationId, summary, parameters, requestBody, responses } = route;
  const access = route["x-access"];
  const body = schemaIn(requestBody);
  const whole = body && (schemas[referenceOf(body) ?? ""] ?? body);
  const faults = Object.entries(responses).filter(
    ([status, { description }]) => status !== "200" && usual[status] !== description,
  );
  const answer = schemaIn(responses["200"]);
  return html`<details class="route"><summary>${methodMark(method)} <code class="path">${path}</code> <span class="what">${sentence(summary)}</span> <span class="access access-${access}">${ACCESS[access] ?? access}</span></summary>
<div id="${operationId}">
${parameters.length === 0 ? "" : html`<h3>Parameters</h3>${toParameters(parameters)}`}
${whole ? html`<h3>Body</h3>${toSchemaTable(whole)}` : ""}
<h3>Example</h3><pre tabindex="0" aria-label="Example of ${method} ${path}"><code>${toCurl(route)}</code></pre>
${answer ? html`<h3>Answer</h3>${toSchemaTable(answer)}` : ""}
${faults.length === 0 ? "" : html`<h3>Further answers</h3><dl>${faults.map(([status, { description }]) => html`<dt>${status}</dt><dd>${sentence(description)}</dd>`)}</dl>`}
</div></details>
`;
}

function toParameters(parameters: readonly Parameter[]): Html {
  const properties = Object.fromEntries(
    parameters.map(({ name, schema, ...one }) => [
      name,
      { ...schema, description: schema.description ?? (one.in === "path" ? "In the path, percent-encoded" : "") },
    ]),
  );
  const required = parameters.filter(one => one.required).map(({ name }) => name);
  return toSchemaTable({ type: "object", properties, required });
}

function toSchema(name: string, schema: Schema): Html {
  return html`<details class="route"><summary><code class="path">${name}</code> <span class="what">${sentence(schema.description ?? "")}</span></summary><div id="schema-${name}">${toSchemaTable(schema)}</div></details>\n`;
}

/** A command that calls the route, with what it needs and no more. */
function toCurl({ method, path, parameters, requestBody, "x-access": access }: Route): string {
  const query = parameters.flatMap(({ name, example }) =>
    example === undefined ? [] : [`${name}=${encodeURIComponent(example)}`],
  );
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase()).replace("*", "ID/acknowledge");
  const body = requestBody?.content["application/json"]?.example;
  return [
    `curl${method === "GET" ? "" : ` -X ${method}`} "$PULSE${filled}${query.length > 0 ? `?${query.join("&")}` : ""}"`,
    ...(access === "public" ? [] : ['-H "X-API-Token: $PULSE_TOKEN"']),
    ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(body)}'`]),
  ].join(" \\\n  ");
}

function schemaIn(from: { content?: Content } | undefined): Schema | null {
  return from?.content?.["application/json"]?.schema ?? null;
}

/** What most routes say of a status. */
function usualFaults(routes: readonly Route[]): Readonly<Record<string, string>> {
  const described = (status: string) => routes.map(({ responses }) => responses[status]?.description ?? "");
  return Object.fromEntries(USUAL.map(status => [status, mostFrequent(described(status))]));
}

function mostFrequent(texts: readonly string[]): string {
  const count = (text: string) => texts.filter(one => one === text).length;
  return [...new Set(texts)].toSorted((a, b) => count(b) - count(a))[0] ?? "";
}

function about(usual: Readonly<Record<string, string>>): Html {
  return html`<section aria-labelledby="about"><h2 id="about">Calling the API</h2>
<p>${sentence("In the examples, `$PULSE` is the address of this server, such as `http://localhost:7655`, and `$PULSE_TOKEN` an API token (in Settings, Security). A token goes into `X-API-Token` or `Authorization: Bearer`. A page that has signed in sends its cookie, and the value of the cookie `pulse_csrf` as `X-CSRF-Token` with every change.")}</p>
<p>${sentence('Every failure is `{ "error": "…" }` with its status. Any route may answer:')}</p>
<dl>${Object.entries(usual).map(([status, description]) => html`<dt>${status}</dt><dd>${sentence(description)}</dd>`)}</dl>
<p>${sentence("Bytes are bytes, `cpu` is a share from 0 to 1, `usage` a percentage, rates are bytes a second, times milliseconds since the Unix epoch unless it says otherwise. Unknown is `null`.")}</p></section>`;
}

const LIVE = html`<section aria-labelledby="live"><h2 id="live">The live stream</h2>
<p>${sentence('`GET /ws` is a WebSocket; it needs the right to read, by a header, the session cookie or `?token=`. Frames are texts `{ "type", "data" }`: `welcome`, then `initialState`, then `rawData` with the whole state every ten seconds, `alert` and `alertResolved` in between, `ping` every 30 seconds. `{"type":"requestData"}` asks for the state, `{"type":"ping"}` is answered by `pong`.')}</p>
<p>${sentence("`/ws?format=patch` sends a `snapshot` and then numbered patches. `/socket.io/` has the frames of `/ws` as events, for clients of Socket.IO.")}</p></section>`;

function methodMark(method: string): Html {
  return html`<span class="method method-${method.toLowerCase()}">${method}</span>`;
}

function shortened(path: string): string {
  return path.replace(/^\/api\//, "");
}

function slugOf(name: string): string {
  return `group-${name.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
}
