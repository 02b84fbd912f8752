import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { MOCK_FIELDS, type MockChoice } from "../model/mock-config.ts";
import { Nullable } from "../model/schema.ts";
import { BadSettings } from "./bad-settings.ts";

/** Where the data of the simulated estate lies, in the data folder. */
export const MOCK_FOLDER = "mock";
/** Beside both databases, that of the real estate and that of the simulated one: it says which is used. */
const FILE = "mock-mode.json";
const CHOICE = Type.Object({ enabled: Type.Boolean(), config: Nullable(Type.Object(MOCK_FIELDS)) });

/** What was chosen last; off when nothing ever was. Throws BadSettings for a file that cannot be used. */
export function readMockChoice(folder: string): MockChoice {
  const path = join(folder, FILE);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return { enabled: false, config: null };
    throw new BadSettings([`${path}: cannot be read (${code})`], { cause: error });
  }
  const choice = parse(text);
  if (!Value.Check(CHOICE, choice))
    throw new BadSettings([`${path}: is not what Pulse writes there; remove it to begin anew`]);
  return choice;
}

/** On the disk, as a whole or not at all, when this returns. */
export function writeMockChoice(folder: string, choice: MockChoice): void {
  const path = join(folder, FILE);
  const file = openSync(`${path}.new`, "w", 0o600);
  writeSync(file, `${JSON.stringify(choice, null, 2)}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
