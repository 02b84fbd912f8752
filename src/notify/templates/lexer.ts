import { TemplateFault } from "./fault.ts";

/** A piece of an action. `at`: its offset in the template. */
export type Token =
  | { kind: "text"; text: string; at: number }
  /** `{{` and `}}`. */
  | { kind: "open" | "close"; at: number }
  /** `(`, `)`, `|`, `,`, `:=`, `=`. */
  | { kind: "sign"; text: string; at: number }
  /** A name without a dot: a keyword, a function, true, false, nil. */
  | { kind: "word"; text: string; at: number }
  /** `.Name`, which belongs to what is right before it (`joined`), or to the dot. */
  | { kind: "field"; text: string; at: number; joined: boolean }
  | { kind: "dot"; at: number }
  /** `$name` or `$`. */
  | { kind: "variable"; text: string; at: number }
  | { kind: "string"; text: string; at: number }
  | { kind: "number"; value: number | bigint; at: number }
  | { kind: "end"; at: number };

const SPACE = /[ \t\r\n]/;
const NAME = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const NUMBER = /[+-]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const QUOTED = /"(?:[^"\\\n]|\\[^\n])*"/y;
const RAW = /`[^`]*`/y;
const CHARACTER = /'(?:[^'\\\n]|\\[^\n][^'\n]*)'/y;

/** Cuts a template into its tokens; the trim markers and the comments are done with. Throws TemplateFault. */
export function tokensOf(template: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trim = false;
  for (;;) {
    const open = template.indexOf("{{", at);
    let text = template.slice(at, open === -1 ? undefined : open);
    if (trim) text = text.trimStart();
    const trimsBefore = open !== -1 && template[open + 2] === "-" && SPACE.test(template[open + 3] ?? "");
    if (trimsBefore) text = text.trimEnd();
    if (text !== "") tokens.push({ kind: "text", text, at });
    if (open === -1) return [...tokens, { kind: "end", at: template.length }];
    const inside = open + (trimsBefore ? 3 : 2);
    const end = commentEnd(template, inside, open) ?? readAction(template, inside, open, tokens);
    trim = template[end - 3] === "-" && SPACE.test(template[end - 4] ?? "");
    at = end;
  }
}

/** Where the action ends that is a comment; null: it is none. */
function commentEnd(template: string, inside: number, open: number): number | null {
  const from = inside + (/^\s*/.exec(template.slice(inside))?.[0].length ?? 0);
  if (!template.startsWith("/*", from)) return null;
  const end = template.indexOf("*/", from + 2);
  const close = end === -1 ? null : /^(?:}}|[ \t\r\n]-}})/.exec(template.slice(end + 2));
  if (!close) throw new TemplateFault("a comment that is not closed by */}}", template, open);
  return end + 2 + close[0].length;
}

/** Reads what is between the braces; gives the offset behind them. */
function readAction(template: string, inside: number, open: number, tokens: Token[]): number {
  tokens.push({ kind: "open", at: open });
  let at = inside;
  for (;;) {
    const from = at;
    while (SPACE.test(template[at] ?? "")) at += 1;
    if (at >= template.length) throw new TemplateFault("an action that is not closed by }}", template, open);
    const marker = at > from && template.startsWith("-}}", at) ? 1 : 0;
    if (template.startsWith("}}", at + marker)) {
      tokens.push({ kind: "close", at: at + marker });
      return at + marker + 2;
    }
    const [token, length] = readToken(template, at, at > from || tokens.at(-1)?.kind === "open");
    tokens.push(token);
    at += length;
  }
}

function readToken(template: string, at: number, spaced: boolean): [Token, number] {
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(template)?.[0];
  };
  const string = match(QUOTED);
  if (string !== undefined) return [{ kind: "string", text: unquoted(string, template, at), at }, string.length];
  const raw = match(RAW);
  if (raw !== undefined) return [{ kind: "string", text: raw.slice(1, -1).replaceAll("\r", ""), at }, raw.length];
  const character = match(CHARACTER);
  if (character !== undefined) {
    const value = BigInt(unquoted(character, template, at).codePointAt(0) ?? 0);
    return [{ kind: "number", value, at }, character.length];
  }
  const number = match(NUMBER);
  if (number !== undefined) return [{ kind: "number", value: toNumber(number, template, at), at }, number.length];
  return readName(template, at, spaced);
}

function readName(template: string, at: number, spaced: boolean): [Token, number] {
  const nameAt = (offset: number) => {
    NAME.lastIndex = offset;
    return NAME.exec(template)?.[0] ?? "";
  };
  const sign = template[at] ?? "";
  const name = nameAt(at + 1);
  if (sign === ".") {
    if (name === "") return [{ kind: "dot", at }, 1];
    return [{ kind: "field", text: name, at, joined: !spaced }, name.length + 1];
  }
  if (sign === "$") return [{ kind: "variable", text: `$${name}`, at }, name.length + 1];
  if (template.startsWith(":=", at)) return [{ kind: "sign", text: ":=", at }, 2];
  if ("()|,=".includes(sign)) return [{ kind: "sign", text: sign, at }, 1];
  const word = nameAt(at);
  if (word !== "") return [{ kind: "word", text: word, at }, word.length];
  const what = sign === '"' || sign === "`" || sign === "'" ? "a text that is not closed" : `${JSON.stringify(sign)}?`;
  throw new TemplateFault(what, template, at);
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};
const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/gs;

/** The text of a constant in double or single quotes, with Go's escapes. */
function unquoted(constant: string, template: string, at: number): string {
  return constant.slice(1, -1).replaceAll(ESCAPE, (all, x, u, long, octal, single) => {
    const hex = x ?? u ?? long;
    const code = hex !== undefined ? Number.parseInt(hex, 16) : octal !== undefined ? Number.parseInt(octal, 8) : null;
    if (code !== null && code <= 0x10ffff) return String.fromCodePoint(code);
    const known = ESCAPES[single ?? ""];
    if (known === undefined) throw new TemplateFault(`an escape that is none: ${all}`, template, at);
    return known;
  });
}

/** A constant with a dot or an exponent is a float64, any other an int. */
function toNumber(text: string, template: string, at: number): number | bigint {
  const digits = text.replaceAll("_", "");
  const isInt = /^[+-]?(0[xXbBoO]|\d+$)/.test(digits);
  if (!isInt) return Number(digits);
  const octal = digits.replace(/^([+-]?)0(?=\d)/, "$10o");
  const negative = octal.startsWith("-");
  try {
    const value = BigInt(octal.replace(/^[+-]/, ""));
    return negative ? -value : value;
  } catch {
    throw new TemplateFault(`a number that is none: ${text}`, template, at);
  }
}
