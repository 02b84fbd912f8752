/** A node of the syntax tree of a source, as oxc-parser makes it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly [part: string]: unknown;
}

/** The name that an identifier is; empty: it is none. */
export function nameOf({ type, name }: Node): string {
  return (type === "Identifier" || type === "JSXIdentifier") && typeof name === "string" ? name : "";
}

/** The nodes right below one. */
export function* childrenOf(node: Node): Generator<Node> {
  for (const part of Object.values(node))
    for (const one of Array.isArray(part) ? part : [part]) if (isNode(one)) yield one;
}

function isNode(one: unknown): one is Node {
  return typeof one === "object" && one !== null && typeof (one as Partial<Node>).type === "string";
}
