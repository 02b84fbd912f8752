import { BadAlertConfig, layeredConfig } from "./alerts/config-change.ts";
import { DEFAULTS } from "./alerts/defaults.ts";
import { toRow } from "./kit/fields.ts";
import { problemsOf } from "./notify/given-channels.ts";
import type { Judges } from "./settings/pulse-yaml.ts";

type Json = Readonly<Record<string, unknown>>;
const MOST_PROBLEMS = 100;

/** Those who know what the sections of pulse.yaml mean. */
export const FILE_JUDGES: Judges = {
  thresholds: section => [...problemsOfThresholds(section)],
  channels: problemsOf,
};

/** One after the other: what is wrong is taken out, and the rest looked at again. */
function* problemsOfThresholds(section: Json): Generator<{ path: string[]; message: string }> {
  let rest: Json = section;
  for (let told = 0; told < MOST_PROBLEMS; told += 1) {
    try {
      layeredConfig(DEFAULTS, rest);
      return;
    } catch (error) {
      if (!(error instanceof BadAlertConfig)) throw error;
      const path = placeOf(rest, error.path);
      yield { path, message: error.problem };
      if (path.length === 0) return;
      rest = without(rest, path);
    }
  }
}

/** The way to what a path with dots between its names means, as far as it is there: names have dots as well. */
function placeOf(section: unknown, path: string): string[] {
  const row = toRow(section);
  const name = Object.keys(row ?? {}).find(key => path === key || path.startsWith(`${key}.`));
  return row && name !== undefined ? [name, ...placeOf(row[name], path.slice(name.length + 1))] : [];
}

function without(section: Json, [name = "", ...path]: readonly string[]): Json {
  const { [name]: inner, ...others } = section;
  const row = toRow(inner);
  return path.length === 0 || !row ? others : { ...others, [name]: without(row, path) };
}
