import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// npm run bench -- NAME [arguments…]: runs src/bench/NAME.ts.

const folder = fileURLToPath(new URL("../src/bench", import.meta.url));
const names = readdirSync(folder, { withFileTypes: true })
  .filter(entry => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts"))
  .map(entry => entry.name.slice(0, -".ts".length));
const [name, ...rest] = process.argv.slice(2);

if (name !== undefined && names.includes(name)) {
  const file = join(folder, `${name}.ts`);
  process.argv.splice(1, Number.POSITIVE_INFINITY, file, ...rest);
  await import(pathToFileURL(file).href);
} else {
  process.stderr.write(`Usage: npm run bench -- NAME, where NAME is one of: ${names.join(", ")}\n`);
  process.exitCode = 2;
}
