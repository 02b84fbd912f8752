import type { TSchema } from "typebox";
import { BODIES, QUERIES } from "./examples.ts";
import type { Route } from "./route.ts";
import { groupOf, ROUTE_GROUPS } from "./route-groups.ts";
import { ErrorBody } from "./routes.ts";

type Json = { [key: string]: unknown };

const FAULTS: Readonly<Record<number, string>> = {
  400: "The request is not as described; the error names the field.",
  401: "Nobody is signed in, or the token is not known.",
  403: "The caller may not do this.",
  404: "There is no such thing.",
  429: "Too many requests; see Retry-After.",
  500: "A fault of the server.",
};

/** The OpenAPI 3.1 document of `routes`. Schemas that carry an `$id` become components. */
export function toOpenApi(routes: Readonly<Record<string, Route>>, version: string): Json {
  const components: Json = {};
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(routes)) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: toOperation(name, route, components) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Pulse",
      version,
      description: "Monitoring of Proxmox VE, Backup Server, Mail Gateway and Docker hosts.",
    },
    servers: [{ url: "/" }],
    tags: ROUTE_GROUPS.map(name => ({ name })),
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        token: { type: "apiKey", in: "header", name: "X-API-Token" },
        bearer: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "pulse_session" },
      },
    },
  };
}

function toOperation(name: string, route: Route, components: Json): Json {
  const parameters = [...route.path.matchAll(/:(\w+)/g)].map(([, parameter]) => ({
    name: parameter,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const faults = { ...FAULTS, ...route.faults };
  const failures = Object.entries(faults).map(([status, description]) => [
    status,
    status < "400" ? { description } : { description, content: toContent(ErrorBody, components) },
  ]);
  return {
    operationId: name,
    summary: route.summary,
    tags: [groupOf(route.path) ?? "Other"],
    "x-access": route.access,
    security: route.access === "public" ? [] : [{ token: [] }, { bearer: [] }, { session: [] }],
    parameters: [...parameters, ...toQueryParameters(name, route.query, components)],
    ...(route.body ? { requestBody: toBody(name, route.body, components) } : {}),
    responses: {
      200: { description: "As asked.", content: toContent(route.answer, components) },
      ...Object.fromEntries(failures),
    },
  };
}

function toBody(name: string, schema: TSchema, components: Json): Json {
  const example: unknown = (BODIES as Json)[name];
  const json = { schema: hoist(schema, components), ...(example === undefined ? {} : { example }) };
  return { required: true, content: { "application/json": json } };
}

function toQueryParameters(name: string, query: TSchema | undefined, components: Json): Json[] {
  const { properties = {}, required = [] } = (query ?? {}) as {
    properties?: Record<string, TSchema>;
    required?: string[];
  };
  const examples: Json = QUERIES[name as keyof typeof QUERIES] ?? {};
  return Object.entries(properties).map(([parameter, schema]) => ({
    name: parameter,
    in: "query",
    required: required.includes(parameter),
    schema: hoist(schema, components),
    ...(parameter in examples ? { example: examples[parameter] } : {}),
  }));
}

function toContent(schema: TSchema, components: Json): Json {
  return { "application/json": { schema: hoist(schema, components) } };
}

/** A copy of the schema in which every part with an `$id` is a reference to the component of that name. */
function hoist(schema: unknown, components: Json): unknown {
  if (Array.isArray(schema)) return schema.map(part => hoist(part, components));
  if (typeof schema !== "object" || schema === null) return schema;
  const { $id: id, ...rest } = schema as Json & { $id?: string };
  const copy = Object.fromEntries(Object.entries(rest).map(([key, part]) => [key, hoist(part, components)]));
  if (id === undefined) return copy;
  components[id] = copy;
  return { $ref: `#/components/schemas/${id}` };
}
