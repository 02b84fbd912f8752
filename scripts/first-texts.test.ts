import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { textsNeededBy } from "./first-texts.ts";

test("what is needed before entries can run says its texts, what is loaded later does not", () => {
  const root = mkdtempSync(join(tmpdir(), "pulse-texts-"));
  const sources: Readonly<Record<string, string>> = {
    "main.ts": `import "./main.css"; import { a } from "./ui/a.tsx"; import type { B } from "./b.ts"; t("main");`,
    "ui/a.tsx": `export * from "./c.ts"; import { signal } from "solid-js"; const Later = () => import("./later.tsx"); t("a");`,
    "ui/c.ts": `import { KIB } from "../../kit/units.ts"; plural(count, "guest");`,
    "ui/later.tsx": `t("later");`,
    "b.ts": `t("type");`,
  };
  mkdirSync(join(root, "ui"));
  for (const [path, source] of Object.entries(sources)) writeFileSync(join(root, path), source);
  assert.deepEqual([...textsNeededBy(["main.ts"], root)].sort(), ["a", "main", "{count} guest", "{count} guests"]);
  rmSync(root, { recursive: true });
});
