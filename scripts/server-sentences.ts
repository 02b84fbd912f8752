import { parseSync } from "oxc-parser";
import { childrenOf, type Node, nameOf } from "./syntax.ts";

/** By what the server says a sentence that readers see: the call or class, and which of its arguments it is. */
const SAYERS: Readonly<Record<string, number>> = { warning: 0, critical: 0, LookFailed: 1, drop: 0 };
/** Stands where nobody knows what the server will put. */
const VALUE = "7";

/** The sentences that `source` gives to readers, with `7` for what is not known before. */
export function sentencesOf(source: string): string[] {
  const found: string[] = [];
  const visit = (node: Node) => {
    if (node.type === "CallExpression" || node.type === "NewExpression") {
      const said = SAYERS[nameOf(node.callee as Node)];
      const argument = said === undefined ? undefined : (node.arguments as Node[])[said];
      if (argument) found.push(...samplesOf(argument));
    }
    const isMessage = node.type === "VariableDeclarator" && nameOf(node.id as Node) === "message";
    if (isMessage && node.init) found.push(...samplesOf(node.init as Node));
    if (node.type === "ObjectExpression" && textOf(node, "kind") === "figure") found.push(textOf(node, "label") ?? "");
    for (const child of childrenOf(node)) visit(child);
  };
  visit(parseSync("a.ts", source).program as unknown as Node);
  // Of "is 7: 7" nobody can tell what it will be.
  return [...new Set(found)].filter(text => /\p{L}{2}/u.test(text) && !/^\w+ 7(: 7)?$/.test(text));
}

/** The text that an object has for a key; null: none that stands there. */
function textOf({ properties }: Node, key: string): string | null {
  const property = (properties as Node[]).find(one => one.type === "Property" && nameOf(one.key as Node) === key);
  const value = (property?.value as Node | undefined)?.value;
  return typeof value === "string" ? value : null;
}

/** What an expression may come to: each of its choices, a value in each place. */
function samplesOf(node: Node): string[] {
  switch (node.type) {
    case "Literal":
      return typeof node.value === "string" ? [node.value] : [VALUE];
    case "TemplateLiteral": {
      const inner = (node.expressions as Node[]).map(samplesOf);
      const texts = (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
      return inner.reduce<string[]>(
        (before, choices, at) =>
          before.flatMap(start => choices.map(choice => `${start}${choice}${texts[at + 1] ?? ""}`)),
        [texts[0] ?? ""],
      );
    }
    case "ConditionalExpression":
      return [...samplesOf(node.consequent as Node), ...samplesOf(node.alternate as Node)];
    case "LogicalExpression":
      return node.operator === "??" ? [VALUE, ...samplesOf(node.right as Node)] : [VALUE];
    default:
      return [VALUE];
  }
}
