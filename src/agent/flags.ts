import { BadOption } from "./bad-option.ts";

const WITH_VALUE = [
  "url",
  "token",
  "token-file",
  "target",
  "interval",
  "hostname",
  "agent-id",
  "ca",
  "state-dir",
] as const;
const SWITCHES = ["insecure", "once", "version", "help", "no-auto-update"] as const;

type ValueFlag = (typeof WITH_VALUE)[number];
type Switch = (typeof SWITCHES)[number];

/** What the command line says: all values of each flag, and the switches that are on. */
export interface Flags {
  values: Readonly<Partial<Record<ValueFlag, readonly string[]>>>;
  on: ReadonlySet<Switch>;
}

/** Reads flags as Go programs do: one dash or two, `--name value` or `--name=value`. Throws BadOption. */
export function toFlags(args: readonly string[]): Flags {
  const values: Partial<Record<ValueFlag, string[]>> = {};
  const on = new Set<Switch>();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const { name = "", given } = /^--?(?<name>[a-z][a-z-]*)(?:=(?<given>.*))?$/s.exec(arg)?.groups ?? {};
    if (isOneOf(WITH_VALUE, name)) {
      const value = given ?? rest.shift();
      if (value === undefined || value === "") throw new BadOption(`--${name}: a value is missing`);
      values[name] = [...(values[name] ?? []), value];
    } else if (isOneOf(SWITCHES, name === "h" ? "help" : name)) {
      const which = name === "h" ? "help" : (name as Switch);
      if (toBoolean(given ?? "true", `--${name}`)) on.add(which);
      else on.delete(which);
    } else {
      // NOTE: not the whole argument, which may be a token in the wrong place.
      throw new BadOption(name === "" ? "An argument is no flag; see --help" : `--${name}: there is no such flag`);
    }
  }
  return { values, on };
}

/** `where`: the flag or variable, for the message. Throws BadOption. */
export function toBoolean(text: string, where: string): boolean {
  if (/^(1|t|true|yes|on|insecure)$/i.test(text)) return true;
  if (/^(0|f|false|no|off|)$/i.test(text)) return false;
  throw new BadOption(`${where}: true or false, not "${text}"`);
}

function isOneOf<T extends string>(list: readonly T[], name: string): name is T {
  return (list as readonly string[]).includes(name);
}
