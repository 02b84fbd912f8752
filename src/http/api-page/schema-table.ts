import { type Html, html, sentence } from "./html.ts";
import { entryOf, referenceOf, type Schema, withoutNull } from "./schema.ts";

interface Field {
  name: string;
  schema: Schema;
  required: boolean;
  depth: number;
}

/** The fields of a schema, those within fields below them; a line about the whole where it has none. */
export function toSchemaTable(schema: Schema): Html {
  const fields = toFields(schema, 0);
  const whole = html`<p class="whole">${typeOf(schema)}${schema.description ? html` <span>${sentence(schema.description)}</span>` : ""}</p>`;
  if (fields.length === 0) return whole;
  const about = schema.type === "object" && !schema.description ? "" : whole;
  return html`${about}<table><thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>${fields.map(toRow)}</tbody></table>`;
}

function toRow({ name, schema, required, depth }: Field): Html {
  const inner = withoutNull(schema);
  const limits = limitsOf(inner.schema);
  const described = inner.schema.description ?? schema.description ?? "";
  return html`<tr><th scope="row" class="depth-${Math.min(depth, 5)}"><code>${name}</code>${required ? "" : html` <small>optional</small>`}</th><td>${typeOf(schema)}${limits === "" ? "" : html` <small>${limits}</small>`}</td><td>${sentence(described)}</td></tr>`;
}

/** Of an object its fields; of a list, a map or a field that may be null, those of what is in it. References are followed by a link only. */
function toFields(schema: Schema, depth: number): Field[] {
  const { properties, required = [], items, allOf } = withoutNull(schema).schema;
  if (items) return toFields(items, depth);
  if (allOf) return allOf.flatMap(part => toFields(part, depth));
  const entry = entryOf(schema);
  if (entry) return toFields(entry, depth);
  return Object.entries(properties ?? {}).flatMap(([name, field]) => [
    { name, schema: field, required: required.includes(name), depth },
    ...toFields(field, depth + 1),
  ]);
}

/** What values fit, in words: "text or null", "list of Guest". */
function typeOf(schema: Schema): Html {
  const reference = referenceOf(schema);
  if (reference !== null) return html`<a href="#schema-${reference}">${reference}</a>`;
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum) return joined(schema.enum.map(value => html`<code>${JSON.stringify(value)}</code>`));
  if (schema.anyOf) return joined(schema.anyOf.map(typeOf));
  if (schema.allOf) return html`${schema.allOf.map((part, at) => html`${at === 0 ? "" : " and "}${typeOf(part)}`)}`;
  if (schema.type === "array") return html`list of ${typeOf(schema.items ?? {})}`;
  const entry = entryOf(schema);
  if (entry) return html`by name: ${typeOf(entry)}`;
  return html`${NAMES[schema.type ?? ""] ?? "anything"}`;
}

const NAMES: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  integer: "whole number",
  boolean: "true or false",
  object: "object",
  null: "null",
};

function joined(types: readonly Html[]): Html {
  return html`${types.map((type, at) => html`${at === 0 ? "" : " or "}${type}`)}`;
}

/** "1 to 10000, 100 unless given"; empty where anything goes. */
function limitsOf(schema: Schema): string {
  const { minimum, exclusiveMinimum, maximum, minLength, maxLength, minItems, maxItems, pattern } = schema;
  const range = (least: number | undefined, most: number | undefined, unit: string) => {
    if (most !== undefined)
      return [
        least === undefined || (least === 0 && unit !== "") ? `at most ${most}${unit}` : `${least} to ${most}${unit}`,
      ];
    return least === undefined || (least === 0 && unit !== "") ? [] : [`at least ${least}${unit}`];
  };
  return [
    ...range(minimum, maximum, ""),
    ...(exclusiveMinimum === undefined ? [] : [`above ${exclusiveMinimum}`]),
    ...range(minLength, maxLength, " characters"),
    ...range(minItems, maxItems, " entries"),
    ...(pattern === undefined ? [] : [`like ${pattern}`]),
    ...(schema.default === undefined ? [] : [`${JSON.stringify(schema.default)} unless given`]),
  ].join(", ");
}
