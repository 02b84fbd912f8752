import assert from "node:assert/strict";
import { test } from "node:test";
import type { Problem } from "../overview/problems.ts";
import { createNews } from "./news.ts";

const problem = (id: string, level: Problem["level"] = "critical"): Problem => ({
  ...{ id, level, subject: id, says: "is offline", detail: null, shows: null, alerts: null },
});

test("a critical problem is told once, as long as it lasts, and again when it comes back", () => {
  const news = createNews();
  const [old, pve1, pve2] = [problem("old"), problem("pve1"), problem("pve2")];
  const steps: readonly (readonly [problems: readonly Problem[], told: string | null])[] = [
    [[old], ""],
    [[old, pve1], "Critical: pve1 is offline"],
    [[old, pve1], null],
    [[old, pve1, problem("web", "warning")], null],
    [[pve2, old], "Critical: pve2 is offline"],
    [[pve1, pve2, problem("db")], "Critical: pve1 is offline. Critical: db is offline"],
    [[], ""],
    [["a", "b", "c", "d"].map(id => problem(id)), "4 new critical problems"],
  ];
  for (const [problems, told] of steps) assert.equal(news(problems), told);
});

test("a warning that becomes critical is told", () => {
  const news = createNews();
  news([problem("nas", "warning")]);
  assert.equal(news([{ ...problem("nas"), says: "· Usage is 96 %" }]), "Critical: nas Usage is 96 %");
});
