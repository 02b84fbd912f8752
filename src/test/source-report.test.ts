import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../kit/clock.ts";
import type { Observation } from "../model/observation.ts";
import { openEstate } from "../simulator/estate.ts";
import { sizedEstate } from "../simulator/presets.ts";
import { PveSource } from "../sources/proxmox-ve/source.ts";

test("a source tells what watching costs, and which looks fail", async () => {
  await using estate = await openEstate(sizedEstate({ nodes: 1, guests: 5, standalone: 1, clusters: 0 }));
  const [info] = estate.instances;
  assert.ok(info);
  await estate.faults.cause({ kind: "status", status: 403, path: "/nodes/*/disks/list" });
  const source = new PveSource({
    settings: {
      name: info.name,
      type: "pve",
      host: info.endpoints[0]?.url ?? "",
      credentials: { kind: "token", id: info.tokenId, secret: info.tokenSecret },
      trust: { kind: "any" },
      interval: 1_000,
    },
    clock: systemClock,
    members: [],
    remember: () => {},
  });
  const stop = new AbortController();
  const missed = Promise.withResolvers<Observation>();
  const running = source.run(seen => {
    if (seen.kind === "missed" && seen.scope === "disks") missed.resolve(seen);
  }, stop.signal);
  const seen = await missed.promise;
  assert.ok("part" in seen && seen.part.endsWith(`:node:${info.endpoints[0]?.node}`));
  while (source.report().scopes.every(({ scope }) => scope !== "disks")) await systemClock.sleep(5);
  const report = source.report();
  stop.abort();
  await running;
  assert.equal(report.instance, info.name);
  assert.ok(report.callsLastMinute >= 5, `${report.callsLastMinute} calls`);
  assert.equal(report.scopes.find(({ scope }) => scope === "resources")?.fault, null);
  const disks = report.scopes.find(({ scope }) => scope === "disks");
  assert.deepEqual([disks?.failing, disks?.fault?.kind], [1, "forbidden"]);
});
