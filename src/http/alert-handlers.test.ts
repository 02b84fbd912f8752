import assert from "node:assert/strict";
import { test } from "node:test";
import { readAction } from "./alert-handlers.ts";

const IDS: readonly string[] = [
  "home:guest:101-cpu",
  "home:disk:pve1/S3Z (old) 100%-wearout",
  "docker:haus/café & co/ß-container-state",
  "docker:a/acknowledge-cpu",
  "home:storage:nas@pve1-usage",
  "docker:h/50%25-cpu",
];
const WAYS: [how: string, encode: (id: string) => string][] = [
  ["encoded, as a client should", encodeURIComponent],
  ["encoded but for the slashes", id => id.split("/").map(encodeURIComponent).join("/")],
  ["encoded once more by a proxy", id => encodeURIComponent(encodeURIComponent(id))],
];
for (const id of IDS)
  for (const [how, encode] of WAYS)
    for (const action of ["acknowledge", "unacknowledge", "clear"] as const)
      test(`"${id}" is understood in a path to ${action}, ${how}`, () => {
        const read = readAction(`/api/alerts/${encode(id)}/${action}?x=1`);
        assert.equal(read?.action, action);
        assert.ok(read?.ids.includes(id), String(read?.ids));
      });

test("an id that a proxy has decoded before is understood as it stands", () => {
  assert.ok(readAction("/api/alerts/docker:a/b%-cpu/clear")?.ids.includes("docker:a/b%-cpu"));
});

for (const url of ["/api/alerts//acknowledge", "/api/alerts/x/forget", "/api/alerts/acknowledge", "/api/alerts/x"])
  test(`${url} names no alert and no action`, () => assert.equal(readAction(url), null));
