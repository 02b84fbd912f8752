import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { violationsOf } from "./check-rooms.ts";

const allowed: [name: string, file: string, text: string][] = [
  ["a room imports itself", "alerts/rules.ts", `import { a } from "./next-state.ts";`],
  ["a room imports common ground", "alerts/rules.ts", `import type { A } from "../model/alert.ts";`],
  ["a room imports a package", "model/guest.ts", `import { Type } from "typebox";`],
  ["a room imports node:", "store/open.ts", `import { DatabaseSync } from "node:sqlite";`],
  ["a test of common ground imports node:", "kit/clock.test.ts", `import { test } from "node:test";`],
  ["a test uses the simulator", "sources/a.test.ts", `import { a } from "../simulator/certificate.ts";`],
  ["app.ts imports rooms", "app.ts", `import { a } from "./alerts/rules.ts";`],
  ["a bench imports a room", "bench/live.ts", `import { a } from "../http/live.ts";`],
  ["main.ts reads the version", "main.ts", `import pack from "../package.json" with { type: "json" };`],
  ["a comment is no import", "kit/clock.ts", ` * import { a } from "../alerts/rules.ts";\n// import "node:fs"`],
  ["a string is no import", "kit/clock.ts", `export const text = "from '../alerts/rules.ts'";`],
];
for (const [name, file, text] of allowed) test(name, () => deepEqual(violationsOf(file, text), []));

const forbidden: [name: string, file: string, text: string, found: string][] = [
  [
    "what is no test does without the simulator",
    "sources/a.ts",
    `import { a } from "../simulator/certificate.ts";`,
    "src/sources/a.ts:1: sources must not import simulator",
  ],
  [
    "a test leaves other rooms alone",
    "sources/a.test.ts",
    `import { a } from "../alerts/rules.ts";`,
    "src/sources/a.test.ts:1: sources must not import alerts",
  ],
  [
    "a room imports another room",
    "alerts/rules.ts",
    `import { a } from "./a.ts";\nimport { b } from "../notify/outbox.ts";`,
    "src/alerts/rules.ts:2: alerts must not import notify",
  ],
  [
    "a type is an import too",
    "http/live.ts",
    `import type { Picture } from "../inventory/inventory.ts";`,
    "src/http/live.ts:1: http must not import inventory",
  ],
  [
    "an import over several lines is found at its last",
    "web/nodes/page.tsx",
    `import {\n  a,\n  b,\n} from "../../sources/source.ts";`,
    "src/web/nodes/page.tsx:4: web must not import sources",
  ],
  [
    "an export from another room",
    "model/guest.ts",
    `export * from "../store/open.ts";`,
    "src/model/guest.ts:1: model must not import store",
  ],
  [
    "an import() of another room",
    "sources/a/client.ts",
    `const a = await import("../../alerts/rules.ts");`,
    "src/sources/a/client.ts:1: sources must not import alerts",
  ],
  ["a style sheet", "web/main.css", `@import "../http/a.css";`, "src/web/main.css:1: web must not import http"],
  ["nobody imports app.ts", "http/live.ts", `import "../app.ts";`, "src/http/live.ts:1: http must not import app"],
  [
    "common ground imports node:",
    "kit/clock.ts",
    `import { setTimeout } from "node:timers/promises";`,
    `src/kit/clock.ts:1: kit runs in browsers too and must not import "node:timers/promises"`,
  ],
  ["a barrel", "alerts/index.ts", "", "src/alerts/index.ts:1: no barrels: import from the file itself"],
  ["a path alias", "web/main.tsx", `import "@/ui/table.tsx";`, `src/web/main.tsx:1: no path aliases: "@/ui/table.tsx"`],
  [
    "a file outside src",
    "main.ts",
    `import "../scripts/test.ts";`,
    `src/main.ts:1: "../scripts/test.ts" lies outside src`,
  ],
  [
    "a room nobody drew arrows for",
    "utils/text.ts",
    `import "../kit/units.ts";`,
    `src/utils/text.ts:1: no arrows are drawn for the room "utils"`,
  ],
];
for (const [name, file, text, found] of forbidden) test(name, () => deepEqual(violationsOf(file, text), [found]));
