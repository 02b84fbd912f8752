import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnswerOf } from "../contract/route.ts";
import type { Routes } from "../contract/routes.ts";
import { demoEstate } from "../simulator/presets.ts";
import { startPulse } from "./pulse.ts";

test("storages, backups, snapshots and diagnostics are parts of the very picture that the state shows", async () => {
  await using pulse = await startPulse({ estate: demoEstate() });
  const read = async <T>(path: string) => (await (await fetch(`${pulse.url}/api/${path}`)).json()) as T;
  const state = await pulse.until(
    ({ pbsBackups, pveBackups, instances }) =>
      pbsBackups.length > 0 &&
      pveBackups.storageBackups.length > 0 &&
      pveBackups.guestSnapshots.length > 0 &&
      instances.every(({ status }) => status === "online"),
  );
  for (const path of ["storage", "storage/"])
    assert.deepEqual(
      (await read<AnswerOf<Routes["storages"]>>(path)).data.map(({ id }) => id),
      state.storage.map(({ id }) => id),
    );
  for (const { id } of state.storage) {
    const { data } = await read<{ data: { id: string } }>(`storage/${encodeURIComponent(id)}`);
    assert.equal(data.id, id, "every id that the state shows is known here");
  }
  const ofNode = await read<{ data: { id: string; nodes: string[] }[] }>("storage/pve1");
  assert.ok(ofNode.data.length > 2 && ofNode.data.every(({ nodes }) => nodes.includes("pve1")));
  assert.equal((await fetch(`${pulse.url}/api/storage/nothing`)).status, 404);

  const all = await read<AnswerOf<Routes["backups"]>>("backups");
  assert.ok(all.pbsBackups.length >= state.pbsBackups.length && all.backupTasks.length > 0);
  assert.ok((await read<AnswerOf<Routes["backupsUnified"]>>("backups/unified")).storageBackups.length > 0);
  assert.ok((await read<AnswerOf<Routes["backupsPve"]>>("backups/pve")).backups.length > 0);
  assert.equal((await read<AnswerOf<Routes["backupsPbs"]>>("backups/pbs")).instances.length, state.pbs.length);
  assert.ok((await read<AnswerOf<Routes["snapshots"]>>("snapshots")).snapshots.length > 0);

  await pulse.estate.faults.cause({ kind: "token-revoked", instance: "office" });
  await pulse.until(({ instances }) =>
    instances.some(({ name, status }) => name === "office" && status === "degraded"),
  );
  const diagnostics = await read<AnswerOf<Routes["diagnostics"]>>("diagnostics");
  assert.equal(diagnostics.sources.length, state.instances.length);
  const office = diagnostics.sources.find(({ instance }) => instance === "office");
  assert.equal(office?.scopes.find(({ scope }) => scope === "resources")?.fault?.kind, "auth");
  assert.ok((office?.callsLastMinute ?? 0) > 0);
  assert.ok(diagnostics.errors.some(({ message }) => message.includes('"office" is degraded')));
  const text = JSON.stringify(diagnostics);
  for (const { tokenSecret, password } of pulse.estate.instances)
    for (const secret of [tokenSecret, password]) assert.ok(secret === "" || !text.includes(secret), "no secrets");
});
