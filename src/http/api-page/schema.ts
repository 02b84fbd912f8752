/** A JSON schema of the OpenAPI document, as far as it is read here. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
}
export type Schemas = Readonly<Record<string, Schema>>;

/** The name of the component that a reference leads to; null: the schema is none. */
export function referenceOf({ $ref }: Schema): string | null {
  return $ref?.split("/").at(-1) ?? null;
}

/** The schema without the `null` that it also allows, and whether it does. */
export function withoutNull(schema: Schema): { schema: Schema; nullable: boolean } {
  const { anyOf, ...rest } = schema;
  const others = anyOf?.filter(({ type }) => type !== "null") ?? [];
  if (!anyOf || others.length === anyOf.length) return { schema, nullable: false };
  const [only] = others;
  return { schema: others.length === 1 && only ? { ...rest, ...only } : { ...rest, anyOf: others }, nullable: true };
}

/** What stands for each name in an object that is used as a map; null: it is none. */
export function entryOf({ patternProperties }: Schema): Schema | null {
  return Object.values(patternProperties ?? {})[0] ?? null;
}
