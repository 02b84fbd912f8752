import { equal } from "../kit/equal.ts";
import { type AlertConfig, METRIC_NAMES } from "../model/alert-config.ts";
import { isThresholds, layeredConfig, ONE_PAIR, RECORDS, TWINS } from "./config-change.ts";
import { DEFAULTS } from "./defaults.ts";

type Json = { readonly [key: string]: unknown };
/** Where in the configuration. */
export type Path = readonly string[];

/** What is given was to be changed. */
export class LockedAlertConfig extends Error {
  override name = "LockedAlertConfig";

  constructor(path: Path, by: string) {
    super(`${path.join(".")}: is set by ${by}; change it there`);
  }
}

/** What is given from outside, by a file say, and wins over what is kept. A pair of thresholds and the rule of one resource are given as a whole. */
export class GivenConfig {
  readonly by: string;
  readonly paths: readonly Path[];
  readonly #section: Json;

  /** `section`: any part of the configuration, which has been judged already. */
  constructor(section: Json, by: string) {
    this.#section = section;
    this.by = by;
    this.paths = leavesOf(section, []).flatMap(withTwins);
  }

  /** What counts: what is given over what is kept. It does not depend on what is kept of the same. */
  over(kept: AlertConfig): AlertConfig {
    return layeredConfig(this.#with(kept, DEFAULTS), this.#section);
  }

  /** `config` with what is given, and only that, as `source` has it. */
  spare(config: AlertConfig, source: AlertConfig): AlertConfig {
    return this.#with(config, source);
  }

  /** What is given and differs between the two. */
  differing(one: AlertConfig, other: AlertConfig): readonly Path[] {
    return this.paths.filter(path => !equal(valueAt(one, path), valueAt(other, path)));
  }

  #with(config: AlertConfig, source: AlertConfig): AlertConfig {
    const taken = this.paths.reduce(
      (so, path) => withValue(so, path, valueAt(source, path)),
      config as unknown as Json,
    );
    return taken as unknown as AlertConfig;
  }
}

/** The fields that a section names. */
function leavesOf(section: Json, path: Path): Path[] {
  return Object.entries(section).flatMap(([name, value]): Path[] => {
    const isMetric = METRICS.has(name.replace(/Legacy$/, "")) && path.length === 1 && isThresholds(path[0] ?? "");
    const here = [...path, isMetric ? name.replace(/Legacy$/, "") : name];
    const isWhole = isMetric || (path.length === 0 && ONE_PAIR.has(name)) || RECORDS.has(path[0] ?? "");
    return isWhole || !isObject(value) ? [here] : leavesOf(value, here);
  });
}

const METRICS: ReadonlySet<string> = new Set(METRIC_NAMES);

/** The same under every name that it has. */
function withTwins(path: Path): Path[] {
  const key = path.join(".");
  const others = TWINS.filter(names => names.some(name => key === name || key.startsWith(`${name}.`))).flatMap(
    names => {
      const own = names.find(name => key === name || key.startsWith(`${name}.`)) ?? "";
      return names.map(name => [...name.split("."), ...path.slice(own.split(".").length)]);
    },
  );
  const all = [path, ...others];
  return all.filter((one, at) => all.findIndex(other => equal(other, one)) === at);
}

function valueAt(config: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined), config);
}

/** `undefined` takes it out. */
function withValue(object: Json, [name = "", ...rest]: Path, value: unknown): Json {
  const inner = object[name];
  const next = rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value);
  if (next !== undefined) return { ...object, [name]: next };
  const { [name]: _, ...others } = object;
  return others;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
