import { parseSync } from "oxc-parser";
import { childrenOf, type Node, nameOf } from "./syntax.ts";

/** A text that the page says, and where. `line`: of `file`, a path below src/web. */
export interface Said {
  readonly key: string;
  readonly file: string;
  readonly line: number;
}

type Catalogue = Readonly<Record<string, string>>;

/** What an expression may say: its literals. `isAll`: it can be nothing else. */
interface Literals {
  readonly known: readonly string[];
  readonly isAll: boolean;
}

const NONE: Literals = { known: [], isAll: true };
/** Attributes and properties of components that a reader sees or hears. */
const SHOWN = new Set(["title", "label", "placeholder", "alt", "hint", "question", "confirm", "fallback", "unit"]);
const SPOKEN = new Set(["aria-label", "aria-description", "aria-valuetext", "aria-roledescription"]);
/** What stands in them is the same in every language. */
const CODE = new Set(["code", "kbd", "pre"]);
/** What loads the texts that everything else needs. */
const LOADERS = new Set(["main.tsx", "words/words.ts", "words/de.ts"]);
const LETTERS = /\p{L}{2}/u;
/** Names, addresses and words in capitals are no texts. */
const NAMES = new Set(["Pulse", "Grafana", "Authorization", "Bearer …", "Esc", "MiB", "GiB"]);

/** The texts of `file`, a path below src/web, and what in it is said past t(). */
export function textsOf(file: string, source: string): { said: Said[]; problems: string[] } {
  const said: Said[] = [];
  const problems: string[] = [];
  const lineOf = ({ start }: Node) => source.slice(0, start).split("\n").length;
  const complain = (node: Node, why: string) => problems.push(`src/web/${file}:${lineOf(node)}: ${why}`);
  const say = (node: Node, { known, isAll }: Literals, toKey = (text: string) => text) => {
    if (!isAll) complain(node, "t() and plural() take texts as they stand, or a choice of such");
    for (const text of known) said.push({ key: toKey(text), file, line: lineOf(node) });
  };
  const refuse = (node: Node, texts: readonly string[]) => {
    for (const text of texts) if (isText(text)) complain(node, `"${text.trim()}" is said without t()`);
  };
  const visit = (node: Node, isCode: boolean, hasTexts: boolean) => {
    if (node.type === "ImportExpression" && !hasTexts)
      complain(node, "what is loaded later goes through withTexts(), so that its texts are there before it");
    const isLoader = node.type === "CallExpression" && nameOf(node.callee as Node) === "withTexts";
    const within = isCode || (node.type === "JSXElement" && CODE.has(tagOf(node)));
    if (node.type === "CallExpression") sayCall(node, say);
    if (!within && node.type === "JSXText") refuse(node, [String(node.value)]);
    if (!within && node.type === "JSXAttribute" && isShown(node)) refuse(node, literalsOf(node.value as Node).known);
    if (!within && (node.type === "JSXElement" || node.type === "JSXFragment"))
      for (const child of node.children as Node[])
        if (child.type === "JSXExpressionContainer") refuse(child, literalsOf(child).known);
    for (const child of childrenOf(node)) visit(child, within, hasTexts || isLoader);
  };
  // What they hand on was looked at where it was said.
  if (file !== "words/words.ts") visit(parseSync(file, source).program as unknown as Node, false, LOADERS.has(file));
  return { said, problems };
}

/** The texts that have none in `catalogue`, each once, where it is said first. */
export function missingOf(said: readonly Said[], catalogue: Catalogue): Said[] {
  const first = new Map<string, Said>();
  for (const one of said) if (!first.has(one.key)) first.set(one.key, one);
  return [...first.values()].filter(({ key }) => !Object.hasOwn(catalogue, key));
}

/** What is wrong with the parts of a catalogue: texts that nobody says, that are there twice, empty, or with other values than the English. */
export function wrongOf(said: readonly Said[], parts: Readonly<Record<string, Catalogue>>): string[] {
  const keys = new Set(said.map(({ key }) => key));
  const before = new Map<string, string>();
  return Object.entries(parts).flatMap(([part, catalogue]) =>
    Object.entries(catalogue).flatMap(([key, text]) => {
      const complaint = (why: string) => `src/web/words/de/${part}.ts: ${JSON.stringify(key)} ${why}`;
      const twin = before.get(key);
      before.set(key, part);
      if (twin !== undefined) return [complaint(`stands in ${twin}.ts, too`)];
      if (!keys.has(key)) return [complaint("is said nowhere")];
      if (text.trim() === "") return [complaint("has no text")];
      return valuesOf(key) === valuesOf(text) ? [] : [complaint("has other values in its text")];
    }),
  );
}

/** The values of a text by their names, each once, in the order of the alphabet. */
export function valuesOf(text: string): string {
  return [...new Set(text.match(/\{\w+\}/g))].sort().join(" ");
}

function sayCall(node: Node, say: (node: Node, literals: Literals, toKey?: (text: string) => string) => void): void {
  const name = nameOf(node.callee as Node);
  const [first, one, many] = node.arguments as Node[];
  if (name === "t" && first) say(node, literalsOf(first));
  if (name !== "plural" || !one) return;
  const counted = (word: string) => `{count} ${word}`;
  say(node, literalsOf(one), counted);
  if (many) say(node, literalsOf(many), counted);
  else say(node, literalsOf(one), word => counted(`${word}s`));
}

function isText(text: string): boolean {
  const plain = text.trim();
  if (!LETTERS.test(plain) || NAMES.has(plain)) return false;
  const isAddress = /^\S*[.:/@!_<>-]\S*$/.test(plain);
  return !isAddress && /\p{Ll}/u.test(plain);
}

function isShown(node: Node): boolean {
  const name = nameOf(node.name as Node);
  return node.value !== null && (SHOWN.has(name) || SPOKEN.has(name));
}

function literalsOf(node: Node | undefined): Literals {
  switch (node?.type) {
    case "Literal":
      return typeof node.value === "string" ? { known: [node.value], isAll: true } : NONE;
    case "JSXExpressionContainer":
    case "ParenthesizedExpression":
      return literalsOf(node.expression as Node);
    case "TemplateLiteral": {
      const known = (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
      return { known, isAll: known.length === 1 };
    }
    case "ConditionalExpression":
      return both(literalsOf(node.consequent as Node), literalsOf(node.alternate as Node));
    case "LogicalExpression":
      return both(literalsOf(node.left as Node), literalsOf(node.right as Node));
    default:
      return { known: [], isAll: false };
  }
}

function both(a: Literals, b: Literals): Literals {
  return { known: [...a.known, ...b.known], isAll: a.isAll && b.isAll };
}

function tagOf({ openingElement }: Node): string {
  return nameOf((openingElement as { name: Node }).name);
}
