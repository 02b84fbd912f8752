import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE, SECOND } from "../kit/units.ts";
import type { EstateChange } from "../model/estate-change.ts";
import { startPulse, type TestPulse } from "./pulse.ts";

const CLUSTER = "cluster1";

async function readChanges({ url }: TestPulse, query = ""): Promise<{ changes: EstateChange[]; total: number }> {
  return (await (await fetch(`${url}/api/changes?since=0${query}`)).json()) as Awaited<ReturnType<typeof readChanges>>;
}

/** Resolves when these have been told of those guests; rejects with what was told when they never are. */
async function untilTold(pulse: TestPulse, expected: readonly string[]): Promise<EstateChange[]> {
  let told: string[] = [];
  const read = async () => {
    const { changes } = await readChanges(pulse);
    told = changes.map(({ resource, field, to }) => `${resource} ${field} ${to}`);
    return changes;
  };
  try {
    return await pulse.untilSo(read, () => expected.every(one => told.includes(one)));
  } catch (cause) {
    throw new Error(`Told: ${told.join(", ")}`, { cause });
  }
}

test("what changes in the estate is told, also when Pulse was off meanwhile; the estate itself is no news", async () => {
  await using pulse = await startPulse({ speed: 40, nodes: 2, guests: 12 });
  const { vms, containers } = await pulse.until(({ stats }) => stats.guests > 0);
  const [first, second, third, fourth] = [...vms, ...containers].filter(
    ({ status, template }) => status === "running" && !template,
  );
  assert.ok(first && second && third && fourth);
  // Within two minutes an instance has told all that is in it.
  await pulse.clock.sleep(160 * SECOND);
  const cause = pulse.estate.faults.cause.bind(pulse.estate.faults);
  const to = first.node === "pve1" ? "pve2" : "pve1";
  await cause({ kind: "guest-migrated", instance: CLUSTER, vmid: first.vmid, to });
  await cause({ kind: "guest-created", instance: CLUSTER, vmid: 999, node: "pve1", name: "fresh" });
  await cause({ kind: "guest-stopped", instance: CLUSTER, vmid: second.vmid });
  const told = await untilTold(pulse, [
    `${first.id} node ${to}`,
    "cluster1:guest:999 existence present",
    `${second.id} power stopped`,
  ]);
  assert.ok(told.every(({ missed }) => missed === null));
  // Under this clock a look that waits for a second is a minute late: of the new guest that may look like a start, and a storage that only the
  // second look tells of may come after the time within which nothing is news.
  const others = told.filter(({ of, resource }) => of === "guest" && resource !== "cluster1:guest:999");
  assert.equal(others.length, 2, `nothing else is news: ${JSON.stringify(others)}`);

  await pulse.stopServer();
  await cause({ kind: "guest-deleted", instance: CLUSTER, vmid: third.vmid });
  await cause({ kind: "guest-rebooted", instance: CLUSTER, vmid: fourth.vmid });
  await pulse.clock.sleep(4 * MINUTE);
  await pulse.startServer();
  await untilTold(pulse, [`${third.id} existence absent`, `${fourth.id} power running`]);
  const { changes, total } = await readChanges(pulse, `&resource=${encodeURIComponent(fourth.id)}`);
  assert.deepEqual([changes.length, total, changes[0]?.missed], [1, 1, "off"]);
  assert.ok((changes[0]?.at ?? 0) < pulse.clock.now() - 3 * MINUTE, "it is told when it was");
});
