import assert from "node:assert/strict";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { systemClock } from "../kit/clock.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../kit/units.ts";
import type { Alert } from "../model/alert.ts";
import type { OwnBackup } from "../model/own-backup.ts";
import { startSecured } from "./secured.ts";

interface State {
  backups: OwnBackup[];
  running: boolean;
  next: number | null;
  failure: { at: number; message: string } | null;
  needed: number;
  free: number | null;
  keyFile: string | null;
}

async function start(context: TestContext) {
  const pulse = await startSecured(context);
  let admin = await pulse.signIn();
  const read = async <T>(path: string) => (await (await pulse.ask(path, { headers: admin })).json()) as T;
  const state = () => read<State>("/api/system/backups");
  return {
    pulse,
    state,
    read,
    send: (method: string, path: string, body: unknown = {}) => pulse.send(method, path, body, admin),
    /** Lets so much time pass, and waits until nothing is being made any more. */
    async pass(time: number) {
      // Most of it at once: nobody needs every second of a day.
      if (time > HOUR) pulse.clock.set(pulse.clock.now() + time - 2 * MINUTE);
      await pulse.clock.advance(time > HOUR ? 2 * MINUTE : time);
      admin = await pulse.signIn();
      while ((await state()).running) await systemClock.sleep(10);
    },
  };
}

test("the clock makes backups, makes up for what it missed, and lets go of the oldest", async context => {
  const { pulse, state, send, pass } = await start(context);
  assert.deepEqual((await state()).backups, []);
  await send("POST", "/api/system/settings/update", { backupSchedule: "daily", backupTime: "03:30", backupKeep: 2 });
  await pass(9 * MINUTE);
  assert.deepEqual((await state()).backups, [], "a start has enough to do");
  await pass(2 * MINUTE);
  const [first] = (await state()).backups;
  assert.equal(first?.kind, "scheduled");
  assert.ok((first?.size ?? 0) > 0);
  await pass(MINUTE);
  assert.equal((await state()).backups.length, 1, "one a turn");
  for (let day = 0; day < 3; day += 1) await pass(DAY);
  const { backups, next, free, needed, keyFile } = await state();
  assert.equal(backups.length, 2);
  assert.ok(next !== null && next > pulse.clock.now() && next <= pulse.clock.now() + DAY);
  assert.ok((free ?? 0) > needed && needed > 0);
  assert.equal(keyFile, join(pulse.folder, "pulse.key"));

  await pulse.stop();
  pulse.clock.set(pulse.clock.now() + 3 * DAY);
  await pulse.restart();
  await pass(9 * MINUTE);
  const age = async () => pulse.clock.now() - ((await state()).backups[0]?.at ?? 0);
  assert.ok((await age()) > DAY, "a start has enough to do");
  // A busy machine may need some of the clock's minutes to come to it.
  for (let minute = 0; minute < 10 && (await age()) > 3 * MINUTE; minute += 1) await pass(MINUTE);
  assert.ok((await age()) < 3 * MINUTE, "made up for");
});

test("one that fails is an alert, is tried again, and all is well when it works", async context => {
  const { pulse, state, read, send, pass } = await start(context);
  mkdirSync(join(pulse.folder, "backups"), { recursive: true });
  rmSync(join(pulse.folder, "backups"), { recursive: true });
  writeFileSync(join(pulse.folder, "backups"), "in the way");
  await pass(11 * MINUTE);
  const { failure } = await state();
  assert.match(failure?.message ?? "", /EEXIST|ENOTDIR/);
  await pass(20 * SECOND);
  const [alert, ...others] = await read<Alert[]>("/api/alerts/active");
  assert.deepEqual(others, []);
  assert.deepEqual([alert?.resourceType, alert?.type, alert?.level], ["pulse", "job-failed", "warning"]);
  assert.match(alert?.message ?? "", /^The server "Pulse" could not back up its database: /);
  const explained = await read<{ phase: string }[]>(
    `/api/alerts/explain?resource=${encodeURIComponent(alert?.resourceId ?? "")}&type=job-failed`,
  );
  assert.equal(explained[0]?.phase, "firing");

  rmSync(join(pulse.folder, "backups"));
  await pass(30 * MINUTE);
  assert.equal((await read<Alert[]>("/api/alerts/active")).length, 1, "not tried at once");
  await pass(HOUR);
  await pass(20 * SECOND);
  assert.deepEqual(await read<Alert[]>("/api/alerts/active"), []);
  assert.equal((await state()).backups.length, 1);

  rmSync(join(pulse.folder, "backups"), { recursive: true });
  writeFileSync(join(pulse.folder, "backups"), "in the way");
  await pass(8 * DAY);
  await pass(20 * SECOND);
  assert.equal((await read<Alert[]>("/api/alerts/active")).length, 1);
  await send("POST", "/api/system/settings/update", { backupSchedule: "off" });
  await pass(20 * SECOND);
  assert.deepEqual(await read<Alert[]>("/api/alerts/active"), [], "who switches it off knows");
});

test("an administrator makes one, downloads it and removes it; each stands in the audit log", async context => {
  const { pulse, state, read, send } = await start(context);
  const made = (await (await send("POST", "/api/system/backups")).json()) as OwnBackup;
  assert.equal(made.kind, "manual");
  assert.deepEqual((await state()).backups, [made]);
  const answer = await pulse.ask(`/api/system/backups/${made.name}`, { headers: await pulse.signIn() });
  assert.equal(answer.headers.get("content-disposition"), `attachment; filename=${made.name}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.equal(bytes.length, made.size);
  const copy = join(pulse.folder, "copy.db");
  writeFileSync(copy, bytes);
  using database = new DatabaseSync(copy, { readOnly: true });
  assert.equal(database.prepare("PRAGMA integrity_check").get()?.integrity_check, "ok");
  for (const name of ["pulse.db", "..%2fpulse.db", `${made.name}x`, "nobody"])
    assert.equal((await pulse.ask(`/api/system/backups/${name}`, { headers: await pulse.signIn() })).status, 404, name);
  assert.equal((await send("DELETE", `/api/system/backups/${made.name}`)).status, 200);
  assert.equal((await send("DELETE", `/api/system/backups/${made.name}`)).status, 404);
  assert.deepEqual(readdirSync(join(pulse.folder, "backups")), []);
  const { entries } = await read<{ entries: { action: string; target: string | null; outcome: string }[] }>(
    "/api/security/audit?limit=50",
  );
  const own = entries.filter(({ action, outcome }) => action.endsWith("OwnBackup") && outcome === "ok");
  assert.deepEqual(own.map(({ action }) => action).reverse(), [
    "makeOwnBackup",
    "downloadOwnBackup",
    "removeOwnBackup",
  ]);
});
