import { formatFloat } from "./decimal.ts";
import { ValueFault } from "./fault.ts";
import { isList, isMap, Struct, typeOf, type Value } from "./value.ts";

/** Wider columns are refused: nobody needs them, and they are how a short template fills the memory. */
const WIDEST = 1000;

/** A value in a text, as `{{.}}` has it (`%v` of Go). */
export function print(value: Value): string {
  return value === null ? "<no value>" : plain(value);
}

/** `print`: spaces between operands of which neither is a text. */
export function printAll(values: readonly Value[]): string {
  return values
    .map((value, index) => {
      const before = values[index - 1];
      const spaced = index > 0 && typeof value !== "string" && typeof before !== "string";
      return (spaced ? " " : "") + plain(value);
    })
    .join("");
}

/** `println`. */
export function printLine(values: readonly Value[]): string {
  return `${values.map(plain).join(" ")}\n`;
}

function plain(value: Value): string {
  if (value === null) return "<nil>";
  if (typeof value === "number") return formatFloat(value, "g", null);
  if (isList(value)) return `[${value.map(plain).join(" ")}]`;
  if (isMap(value)) return `map[${[...value].map(([key, one]) => `${key}:${plain(one)}`).join(" ")}]`;
  if (value instanceof Struct) return `{${Object.values(value.fields).map(plain).join(" ")}}`;
  return String(value);
}

interface Directive {
  verb: string;
  flags: string;
  width: number;
  precision: number | null;
}

const DIRECTIVE = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(.)?/gsu;

/** `printf`, with what Go writes in place of an operand that is missing, too many, or not of the verb's kind. */
export function printFormatted(format: string, operands: readonly Value[]): string {
  let next = 0;
  const number = (text: string | undefined): number => {
    const value = text === "*" ? Number(operands[next++] ?? 0) : Number(text ?? 0);
    if (!(Math.abs(value) <= WIDEST)) throw new ValueFault(`printf: a column wider than ${WIDEST}`);
    return value;
  };
  const text = format.replaceAll(DIRECTIVE, (all: string, flags: string, width, precision, verb) => {
    if (verb === undefined) return "%!(NOVERB)";
    if (verb === "%") return "%";
    const columns = number(width);
    const decimals = all.includes(".") && verb !== "." ? number(precision) : null;
    const directive = {
      verb,
      flags: (columns < 0 ? `${flags}-` : flags).replaceAll(verb === "v" ? "+" : "", ""),
      width: Math.abs(columns),
      precision: decimals,
    };
    const operand = operands[next++];
    return operand === undefined ? `%!${verb}(MISSING)` : formatOne(operand, directive);
  });
  const extra = operands.slice(next);
  if (extra.length === 0) return text;
  return `${text}%!(EXTRA ${extra.map(value => (value === null ? "<nil>" : `${typeOf(value)}=${plain(value)}`)).join(", ")})`;
}

/** Lists, maps and structs: the verb goes to what is in them. */
function formatOne(value: Value, directive: Directive): string {
  const { verb } = directive;
  if (verb === "T") return padded(typeOf(value), directive);
  if (isList(value)) return `[${value.map(one => formatOne(one, directive)).join(" ")}]`;
  if (isMap(value)) {
    const pairs = [...value].map(([key, one]) => `${formatOne(key, directive)}:${formatOne(one, directive)}`);
    return `map[${pairs.join(" ")}]`;
  }
  if (value instanceof Struct)
    return `{${Object.values(value.fields)
      .map(one => formatOne(one, directive))
      .join(" ")}}`;
  if (value === null) return verb === "v" ? padded("<nil>", directive) : `%!${verb}(<nil>)`;
  return scalar(value, directive) ?? `%!${verb}(${typeOf(value)}=${scalar(value, { ...directive, verb: "v" })})`;
}

/** null: the verb does not go with it. */
function scalar(value: string | number | bigint | boolean, directive: Directive): string | null {
  const { verb } = directive;
  if (typeof value === "boolean") return verb === "t" || verb === "v" ? padded(String(value), directive) : null;
  if (typeof value === "string") return formatText(value, directive);
  return typeof value === "number" ? formatNumber(value, directive) : formatInt(value, directive);
}

function formatText(value: string, directive: Directive): string | null {
  const { verb, precision, flags } = directive;
  const cut = precision === null ? value : [...value].slice(0, precision).join("");
  if (verb === "s" || verb === "v") return padded(cut, directive);
  if (verb === "q") return padded(flags.includes("#") && !cut.includes("`") ? `\`${cut}\`` : quoted(cut), directive);
  if (verb !== "x" && verb !== "X") return null;
  const hex = Buffer.from(value)
    .subarray(0, precision ?? undefined)
    .toString("hex");
  return padded(verb === "X" ? hex.toUpperCase() : hex, directive);
}

function formatNumber(value: number, directive: Directive): string | null {
  const { verb, precision } = directive;
  const lower = verb.toLowerCase();
  if (verb === "v" || lower === "g") return column(formatFloat(value, "g", precision), directive, verb === "G");
  if (lower === "e" || lower === "f") return column(formatFloat(value, lower, precision ?? 6), directive, verb === "E");
  return null;
}

const BASES: Readonly<Record<string, number>> = { d: 10, v: 10, b: 2, o: 8, x: 16, X: 16 };

function formatInt(value: bigint, directive: Directive): string | null {
  const { verb, precision } = directive;
  if (verb === "c") return padded(character(value), directive);
  if (verb === "q") return padded(quoted(character(value), "'"), directive);
  if (verb === "U") return padded(`U+${value.toString(16).toUpperCase().padStart(4, "0")}`, directive);
  const base = BASES[verb];
  if (base === undefined) return null;
  if (precision === 0 && value === 0n) return padded("", { ...directive, flags: "" });
  const digits = (value < 0n ? -value : value).toString(base).padStart(precision ?? 0, "0");
  const prefix = directive.flags.includes("#") ? ({ 2: "0b", 8: "0", 16: "0x" }[base] ?? "") : "";
  // How many digits there are is said already: zeros are not for filling then.
  const flags = precision === null ? directive.flags : directive.flags.replaceAll("0", "");
  return column(`${value < 0n ? "-" : ""}${prefix}${digits}`, { ...directive, flags }, verb === "X");
}

function character(value: bigint): string {
  return value >= 0n && value <= 0x10ffffn ? String.fromCodePoint(Number(value)) : "\ufffd";
}

/** A number in its column: with its sign, and filled with zeros where the flags say so. */
function column(text: string, directive: Directive, upper: boolean): string {
  const { flags, width } = directive;
  const [, sign = "", digits = ""] = /^([-+]?)(.*)$/.exec(text) ?? [];
  const shown = sign === "-" ? "-" : flags.includes("+") || sign === "+" ? "+" : flags.includes(" ") ? " " : "";
  const cased = upper ? digits.toUpperCase() : digits;
  if (!flags.includes("0") || flags.includes("-") || /^(?:Inf|NaN)/.test(digits))
    return padded(shown + cased, directive);
  return shown + cased.padStart(width - shown.length, "0");
}

function padded(text: string, { flags, width }: Directive): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes("-")) return text + " ".repeat(missing);
  return (flags.includes("0") ? "0" : " ").repeat(missing) + text;
}

const NAMED: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};

/** A text as a constant of Go, in double quotes; a character in single ones. */
function quoted(text: string, quote = '"'): string {
  const escaped = text.replaceAll(/["'\\]|[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, sign => {
    if (sign === '"' || sign === "'") return sign === quote ? `\\${sign}` : sign;
    const code = sign.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return (
      NAMED[sign] ??
      (code < 0x80
        ? `\\x${hex.padStart(2, "0")}`
        : code < 0x10000
          ? `\\u${hex.padStart(4, "0")}`
          : `\\U${hex.padStart(8, "0")}`)
    );
  });
  return quote + escaped + quote;
}
