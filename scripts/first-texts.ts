import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "oxc-parser";
import { textsOf } from "./texts.ts";

/** The keys of the texts that are said by `entries` and what they need before they can run; files by their paths below `root`. */
export function textsNeededBy(entries: readonly string[], root: string): ReadonlySet<string> {
  const needed = new Set(entries);
  for (const file of needed) for (const other of importsOf(file, root)) needed.add(other);
  const read = (file: string) => readFileSync(join(root, file), "utf8");
  return new Set([...needed].flatMap(file => textsOf(file, read(file)).said.map(({ key }) => key)));
}

/** The sources below `root` that `file` imports, but for what it imports when it is asked to, and types. */
function importsOf(file: string, root: string): string[] {
  const { module } = parseSync(file, readFileSync(join(root, file), "utf8"));
  const imported = module.staticImports
    .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
    .map(({ moduleRequest }) => moduleRequest.value);
  const handedOn = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) => (moduleRequest && !isType ? moduleRequest.value : [])),
  );
  return [...imported, ...handedOn]
    .filter(path => path.startsWith("."))
    .map(path => join(dirname(file), path))
    .filter(path => /\.tsx?$/.test(path) && !path.startsWith("..") && existsSync(join(root, path)));
}
