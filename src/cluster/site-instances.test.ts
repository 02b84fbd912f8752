import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { SECOND } from "../kit/units.ts";
import type { EnteredInstance, EnteredList } from "../model/entered-instance.ts";
import type { InstanceSettings } from "../model/instance-settings.ts";
import { Database } from "../store/database.ts";
import { SiteInstances } from "./site-instances.ts";
import { SiteKey, sealFor } from "./site-key.ts";

function settingsOf(name: string, secret = ""): InstanceSettings {
  const host = `https://${name}:8006`;
  const credentials = { kind: "token", id: "a@pve!b", secret } as const;
  return { name, type: "pve", host, credentials, trust: { kind: "any" }, interval: null };
}

function enteredOf(name: string, site: string, ...keys: SiteKey[]): EnteredInstance {
  const settings = settingsOf(name);
  const open = keys.map(({ publicKey }) => publicKey);
  return { settings, sealed: sealFor(open, `secret of ${name}`, { site, settings }), usual: SECOND };
}

const listOf = (changed: number, ...instances: EnteredInstance[]): EnteredList => ({
  ...{ changed, deed: String(changed), instances, removed: [] },
});

/** An edge at "north" that has "given" in its file, opened again and again on the same folder. */
function bench(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-site-"));
  const database = Database.open(folder, "a");
  context.after(() => {
    database[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const key = new SiteKey(randomBytes(32));
  const told: string[] = [];
  const open = (by = key) =>
    new SiteInstances({
      ...{ site: "north", key: by, database },
      given: [{ ...settingsOf("given", "of the file"), interval: SECOND }],
      toWatched: one => ({ ...one, interval: 10 * SECOND }),
      log: (_, message) => void told.push(message),
    });
  const shown = (of: SiteInstances) =>
    of.all().map(({ name, credentials }) => `${name}: ${credentials.kind === "token" ? credentials.secret : ""}`);
  return { key, told, open, shown, folder };
}

test("what is entered for its site is watched beside what its file names, also after a start without NATS", context => {
  const { key, open, shown } = bench(context);
  const edge = open();
  edge.take(listOf(1, enteredOf("home", "north", key)));
  assert.deepEqual(shown(edge), ["given: of the file", "home: secret of home"]);
  assert.deepEqual(shown(open()), shown(edge));
  assert.deepEqual([edge.isEntered("home"), edge.isEntered("given")], [true, false]);
});

test("what stands in its file is not looked at under the same name", context => {
  const { key, open, shown } = bench(context);
  const edge = open();
  edge.take(listOf(1, enteredOf("given", "north", key)));
  assert.deepEqual(shown(edge), ["given: of the file"]);
});

test("an older list changes nothing", context => {
  const { key, open, shown } = bench(context);
  const edge = open();
  edge.take(listOf(2, enteredOf("home", "north", key)));
  edge.take(listOf(1));
  assert.equal(shown(edge).length, 2);
  edge.take(listOf(3));
  assert.equal(shown(edge).length, 1);
});

test("what is sealed for others, for another site, or under another name is told, and not watched", context => {
  const { key, told, open, shown } = bench(context);
  const edge = open();
  const { sealed } = enteredOf("home", "north", key);
  edge.take(
    listOf(1, enteredOf("strange", "north", new SiteKey(randomBytes(32))), enteredOf("elsewhere", "south", key), {
      ...enteredOf("renamed", "north", key),
      sealed,
    }),
  );
  assert.deepEqual(shown(edge), ["given: of the file"]);
  assert.deepEqual(edge.cannotOpen, ["strange", "elsewhere", "renamed"]);
  assert.equal(told.length, 1);
});
