import { globSync, readFileSync } from "node:fs";
import { SAID, toGerman } from "../src/model/german/german.ts";
import { DE, PARTS } from "../src/web/words/de/all.ts";
import { sentencesOf } from "./server-sentences.ts";
import { missingOf, type Said, textsOf, wrongOf } from "./texts.ts";

// Every text of the page goes through t() or plural(), and has a German one. What is missing is printed ready to be filled in.

const files = globSync("**/*.{ts,tsx}", { cwd: "src/web" }).filter(
  file => !file.includes(".test.") && !file.startsWith("words/de"),
);
const read = files.sort().map(file => textsOf(file, readFileSync(`src/web/${file}`, "utf8")));
const said: readonly Said[] = read.flatMap(one => one.said);
const found = [...read.flatMap(({ problems }) => problems), ...wrongOf(said, PARTS)];
const missing = missingOf(said, DE);
for (const line of found) process.stdout.write(`${line}\n`);
if (missing.length > 0) process.stdout.write("Without a German text; put them into a file of src/web/words/de:\n");
for (const { key, file } of missing) process.stdout.write(`  ${JSON.stringify(key)}: "", // ${file}\n`);

// What the server says of alerts, and why a look failed, is told in German by its English sentence.
const sayers = globSync(["alerts/*-signals.ts", "sources/**/*.ts", "notify/judge.ts"], { cwd: "src" });
const untold = sayers
  .filter(file => !file.includes(".test."))
  .sort()
  .flatMap(file => sentencesOf(readFileSync(`src/${file}`, "utf8")).map(sentence => ({ sentence, file })))
  .filter(({ sentence }) => !Object.hasOwn(SAID, sentence) && toGerman(sentence) === sentence);
if (untold.length > 0) process.stdout.write("Said by the server and not told in German (src/model/german):\n");
for (const { sentence, file } of untold) process.stdout.write(`  ${JSON.stringify(sentence)}: "", // src/${file}\n`);
process.exitCode = found.length + missing.length + untold.length === 0 ? 0 : 1;
