import { t } from "../words/words.ts";
import type { NumberField, TextField, Vocabulary } from "./fields.ts";

/** A search that was understood, as far as it was. */
export interface Query<T> {
  test: (entity: T) => boolean;
  /** What was not understood, as a sentence; what is left of the search still counts. */
  error: string | null;
  /** It asks for templates, which are left out otherwise. */
  wantsTemplates: boolean;
}

/** Whether any entity has exactly this value: then a word means that value, otherwise everything that contains it. */
export type Knows = (field: string, value: string) => boolean;

type Test<T> = (entity: T) => boolean;
type Token<T> = { kind: "open" | "close" | "and" | "or" | "not" } | { kind: "test"; test: Test<T> };

const EVERYTHING = () => true;

/**
 * Understands a search over what `vocabulary` describes; of guests:
 *
 *     web                        name, VMID or a tag contains it
 *     node:pve1  tags:prod,dev   the field is one of these; "*" stands for anything
 *     cpu>20  memory<2G  uptime>1d
 *     a b, a AND b, a OR b, NOT a, -a, (a OR b) c, "two words"
 *
 * AND binds tighter than OR. Never throws.
 */
export function parseQuery<T>(text: string, vocabulary: Vocabulary<T>, knows: Knows = () => true): Query<T> {
  const problems: string[] = [];
  const tokens = toTokens(text, { vocabulary, knows, problem: sentence => problems.push(sentence) });
  const reader = { tokens, at: 0, problems };
  const test = tokens.length === 0 ? EVERYTHING : readOr(reader);
  while (reader.at < tokens.length) {
    // Only a ")" that nothing opened is left.
    problems.push(t('A ")" has no "(" before it'));
    reader.at = tokens.length;
  }
  return { test, error: problems[0] ?? null, wantsTemplates: /\btype\s*[:=]\s*"?template/i.test(text) };
}

/** What a search is understood by. */
interface Context<T> {
  vocabulary: Vocabulary<T>;
  knows: Knows;
  problem: (sentence: string) => void;
}

interface Reader<T> {
  readonly tokens: readonly Token<T>[];
  at: number;
  problems: string[];
}

function readOr<T>(reader: Reader<T>): Test<T> {
  const parts = [readAnd(reader)];
  while (reader.tokens[reader.at]?.kind === "or") {
    reader.at += 1;
    parts.push(readAnd(reader));
  }
  return parts.length === 1 ? (parts[0] as Test<T>) : entity => parts.some(part => part(entity));
}

function readAnd<T>(reader: Reader<T>): Test<T> {
  const parts: Test<T>[] = [];
  for (;;) {
    const kind = reader.tokens[reader.at]?.kind;
    if (kind === undefined || kind === "or" || kind === "close") break;
    if (kind === "and") reader.at += 1;
    else parts.push(readOne(reader));
  }
  if (parts.length === 0) return EVERYTHING;
  return parts.length === 1 ? (parts[0] as Test<T>) : entity => parts.every(part => part(entity));
}

function readOne<T>(reader: Reader<T>): Test<T> {
  const token = reader.tokens[reader.at];
  reader.at += 1;
  if (token?.kind === "test") return token.test;
  if (token?.kind === "not") {
    const next = reader.tokens[reader.at]?.kind;
    if (next !== "test" && next !== "open" && next !== "not") return EVERYTHING;
    const test = readOne(reader);
    return entity => !test(entity);
  }
  const test = readOr(reader);
  if (reader.tokens[reader.at]?.kind === "close") reader.at += 1;
  else reader.problems.push(t('A "(" has no ")" after it'));
  return test;
}

/** A field with its comparison, a quoted text, a bracket, or a word. */
const PARTS =
  /\s*(?:(?<field>[a-z]+)\s*(?<op>>=|<=|!=|[:=<>])\s*(?<value>"[^"]*"?|[^\s()"]*)|"(?<quoted>[^"]*)"?|(?<bracket>[()])|(?<word>[^\s()"]+))/giy;

function toTokens<T>(text: string, context: Context<T>): Token<T>[] {
  const tokens: Token<T>[] = [];
  for (const match of text.matchAll(PARTS)) {
    const { field, op = "", value = "", quoted, bracket, word = "" } = match.groups ?? {};
    if (bracket) tokens.push({ kind: bracket === "(" ? "open" : "close" });
    else if (quoted !== undefined) tokens.push({ kind: "test", test: contains(quoted, context) });
    else if (field) tokens.push({ kind: "test", test: toComparison(field, op, value.replaceAll('"', ""), context) });
    else tokens.push(...toWord(word, context));
  }
  return tokens;
}

function toWord<T>(word: string, context: Context<T>): Token<T>[] {
  const upper = word.toUpperCase();
  if (word === "AND" || upper === "&&" || word === "and") return [{ kind: "and" }];
  if (word === "OR" || upper === "||" || word === "or" || word === "|") return [{ kind: "or" }];
  if (word === "NOT" || word === "not" || word === "!" || word === "-") return [{ kind: "not" }];
  if (/^[-!]./.test(word)) return [{ kind: "not" }, ...toTokens(word.slice(1), context)];
  return [{ kind: "test", test: contains(word, context) }];
}

/** Free text: one of the words that stand for the entity has it. */
function contains<T>(text: string, { vocabulary }: Context<T>): Test<T> {
  const wanted = text.toLowerCase();
  return entity => vocabulary.words(entity).some(word => word.includes(wanted));
}

function toComparison<T>(name: string, op: string, value: string, context: Context<T>): Test<T> {
  const { fields, aliases } = context.vocabulary;
  const key = name.toLowerCase();
  const field = aliases[key] ?? key;
  const known = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (!known) {
    context.problem(
      t('There is no "{name}" to search by. There are {names}', { name, names: Object.keys(fields).join(", ") }),
    );
    return EVERYTHING;
  }
  // Still being typed.
  if (value === "") return EVERYTHING;
  if (known.kind === "number") return toNumberTest(field, known, op, value, context.problem);
  if (op !== ":" && op !== "=" && op !== "!=") {
    context.problem(t('"{field}" is text: use {field}:{value}', { field, value }));
    return EVERYTHING;
  }
  const test = toTextTest(field, known, value, context.knows);
  return op === "!=" ? entity => !test(entity) : test;
}

/** One of the values between commas. */
function toTextTest<T>(field: string, { of }: TextField<T>, value: string, knows: Knows): Test<T> {
  const tests = value
    .toLowerCase()
    .split(",")
    .filter(one => one !== "")
    .map((one): ((has: string) => boolean) => {
      if (one.includes("*")) {
        const pattern = new RegExp(`^${one.split("*").map(RegExp.escape).join(".*")}$`);
        return has => pattern.test(has);
      }
      return knows(field, one) ? has => has === one : has => has.includes(one);
    });
  return entity => of(entity).some(has => tests.some(test => test(has)));
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ">": (a, b) => a > b,
  "<": (a, b) => a < b,
  ">=": (a, b) => a >= b,
  "<=": (a, b) => a <= b,
  "=": (a, b) => a === b,
  ":": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

/** An unknown value is neither more nor less than anything. */
function toNumberTest<T>(
  name: string,
  field: NumberField<T>,
  op: string,
  value: string,
  problem: (sentence: string) => void,
): Test<T> {
  const inner = op === ":" ? (/^(>=|<=|[<>=])/.exec(value)?.[0] ?? "") : "";
  const compare = COMPARE[inner || op];
  const written = /^([\d.]+)\s*([a-z%]*)$/i.exec(value.slice(inner.length).replace(",", "."));
  const suffix = (written?.[2] ?? "").toLowerCase().replace(/^([kmgt])i?b?(\/s)?$/, "$1");
  const unit = Object.hasOwn(field.units, suffix) ? field.units[suffix] : undefined;
  const number = Number(written?.[1]);
  if (!compare || !written || !unit || Number.isNaN(number)) {
    const units = Object.keys(field.units)
      .filter(one => one !== "")
      .join(", ");
    problem(
      units === ""
        ? t('"{name}" needs a number, not "{value}"', { name, value })
        : t('"{name}" needs a number (units: {units}), not "{value}"', { name, units, value }),
    );
    return EVERYTHING;
  }
  const wanted = number * unit.factor;
  return entity => {
    const has = field.of(entity, unit);
    return has !== null && compare(has, wanted);
  };
}

/** Whether `term` stands in `text` as a term of its own, as quick filters put it there. */
export function hasTerm(text: string, term: string): boolean {
  return text.split(/\s+/).includes(term);
}

/** `text` with `term` added, or without it when it was there. Terms of the same field replace each other. */
export function toggleTerm(text: string, term: string): string {
  const words = text.split(/\s+/).filter(word => word !== "");
  if (words.includes(term)) return words.filter(word => word !== term).join(" ");
  const field = `${term.split(":")[0]}:`;
  return [...words.filter(word => !word.startsWith(field)), term].join(" ");
}

/** Tells whether any of `entities` has exactly a value of a field, in lower case. Reads them once a field. */
export function vocabularyOf<T>(entities: Iterable<T>, { fields }: Vocabulary<T>): Knows {
  const known = new Map<string, Set<string>>();
  return (name, value) => {
    const field = fields[name];
    if (field?.kind !== "text") return false;
    const values = known.get(name) ?? new Set([...entities].flatMap(entity => field.of(entity)));
    known.set(name, values);
    return values.has(value);
  };
}
