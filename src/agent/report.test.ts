import assert from "node:assert/strict";
import { test } from "node:test";
import { reportText, toReport } from "./report.ts";

const seen = (labels: Record<string, string>, mounts = 0) => ({
  host: { hostname: "dock1" },
  containers: [
    {
      id: "a",
      name: "web",
      image: "nginx",
      state: "running",
      labels,
      mounts: Array.from({ length: mounts }, () => ({ type: "bind", source: "/a", destination: "/b", readOnly: true })),
    },
  ],
  warnings: [],
});
const report = (...args: Parameters<typeof seen>) =>
  toReport(seen(...args), { id: "a", version: "v5", intervalSeconds: 30 }, 0);

test("a report that a server takes is sent as it is", () => {
  const whole = report({ a: "b" });
  assert.deepEqual(JSON.parse(reportText(whole)), whole);
  assert.equal("warnings" in whole, false);
});

test("one that is too large goes without labels that nobody reads, then without mounts, and says so", () => {
  const labels = { "com.docker.compose.project": "site", much: "x".repeat(5000) };
  const lean = JSON.parse(reportText(report(labels, 1), 1000));
  assert.deepEqual(lean.containers[0].labels, { "com.docker.compose.project": "site" });
  assert.deepEqual([lean.containers[0].mounts.length, lean.warnings.length], [1, 1]);
  const bare = JSON.parse(reportText(report(labels, 100), 1000));
  assert.deepEqual([bare.containers[0].mounts, bare.containers[0].name, bare.warnings.length], [undefined, "web", 1]);
});
