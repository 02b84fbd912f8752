import { isUtf8 } from "node:buffer";
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
  const readText = (file: string) => toText(readFileSync(resolve(dataDir, file)));
  try {
    return readPulseYaml(readText(path), path, { environment, judges, readText });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return NO_CONFIG;
    if (code === NOT_UTF8) {
      const problem = `${path}:${lineNotUtf8(readFileSync(path))}: the file: is not UTF-8; save it as that`;
      throw new BadSettings([problem], { cause: error });
    }
    if (code === undefined) throw error;
    throw new BadSettings([`${path}: cannot be read (${code})`], { cause: error });
  }
}

const NOT_UTF8 = "it is not UTF-8";

/** Throws an error with the code NOT_UTF8: what would be read wrongly, half a password, is refused elsewhere and without a hint. */
function toText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw Object.assign(new Error("Not UTF-8"), { code: NOT_UTF8 });
  return bytes.toString("utf8");
}

function lineNotUtf8(bytes: Buffer): number {
  const lines = bytes.toString("latin1").split("\n");
  return (
    1 +
    Math.max(
      0,
      lines.findIndex(line => !isUtf8(Buffer.from(line, "latin1"))),
    )
  );
}
