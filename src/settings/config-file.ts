import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { BadSettings } from "./bad-settings.ts";
import type { Environment } from "./environment.ts";
import { type Judges, NO_CONFIG, type PulseConfig, readPulseYaml } from "./pulse-yaml.ts";

/** Where it lies in the data folder. */
export const CONFIG_FILE = "pulse.yaml";

/** What the data folder's `pulse.yaml` says; nothing when there is none. Throws BadSettings. */
export function readConfigFile(dataDir: string, environment: Environment, judges: Judges): PulseConfig {
  const path = resolve(dataDir, CONFIG_FILE);
  const readText = (file: string) => readFileSync(resolve(dataDir, file), "utf8");
  try {
    return readPulseYaml(readText(path), path, { environment, judges, readText });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return NO_CONFIG;
    if (code === undefined) throw error;
    throw new BadSettings([`${path}: cannot be read (${code})`], { cause: error });
  }
}
