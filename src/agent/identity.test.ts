import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readIdentity } from "./identity.ts";

const folder = mkdtempSync(join(tmpdir(), "pulse-identity-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const of = (stateDir: string, more: { machineId?: string | null; hostname?: string; engine?: string } = {}) =>
  readIdentity({ stateDir: join(folder, stateDir), machineId: "m1", hostname: "dock1", engine: "unix:///e", ...more });

test("the id is made by chance once, and kept", () => {
  const first = of("kept/deep");
  assert.match(first.id, /^[\da-f-]{36}$/);
  assert.deepEqual(of("kept/deep", { hostname: "renamed" }), first);
  assert.notEqual(of("other").id, first.id);
  assert.deepEqual(readdirSync(join(folder, "kept/deep")), ["agent-id.json"]);
});

test("a folder that came along to another machine gives a new id; one whose machine id cannot be read does not", () => {
  const first = of("cloned");
  assert.equal(of("cloned", { machineId: null }).id, first.id);
  const clone = of("cloned", { machineId: "m2" });
  assert.notEqual(clone.id, first.id);
  assert.equal(of("cloned", { machineId: "m2" }).id, clone.id);
});

test("a file that holds nothing usable is made anew", () => {
  for (const [index, text] of ["", "{", "null", '{"id":""}', '{"id":7}'].entries()) {
    mkdirSync(join(folder, `broken${index}`));
    writeFileSync(join(folder, `broken${index}`, "agent-id.json"), text);
    const { id, problem } = of(`broken${index}`);
    assert.match(id, /^[\da-f-]{36}$/, text);
    assert.equal(problem, null);
    assert.equal(of(`broken${index}`).id, id);
  }
});

test("where nothing can be kept the id is made of machine, name and engine, and it is said", () => {
  writeFileSync(join(folder, "file"), "");
  const first = of("file/state");
  assert.match(first.id, /^[\da-f]{32}$/);
  assert.match(first.problem ?? "", /cannot be kept in .*ENOTDIR/);
  assert.equal(of("file/state").id, first.id);
  for (const other of [{ machineId: "m2" }, { hostname: "dock2" }, { engine: "unix:///podman" }])
    assert.notEqual(of("file/state", other).id, first.id);
});
