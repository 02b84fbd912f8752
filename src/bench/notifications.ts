/**
 * What telling people costs: how many messages a dying node is, and what it takes to queue a large outage within one transaction.
 * One line a case.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeClock } from "../kit/clock.ts";
import { KIB, MINUTE } from "../kit/units.ts";
import { alertOf, NOON, Room } from "../notify/fixture.ts";
import { openReceiver } from "../notify/outbound/recording-receiver.ts";
import { startPulse } from "../test/pulse.ts";

/** Receivers of the test room, in place of a test that ends. */
async function withCleanUp<T>(work: (context: { after: (clean: () => void) => void }) => Promise<T>): Promise<T> {
  const cleaners: (() => void)[] = [];
  try {
    return await work({ after: clean => void cleaners.push(clean) });
  } finally {
    for (const clean of cleaners) clean();
  }
}

async function dyingNode(): Promise<string> {
  return await withCleanUp(async context => {
    await using pulse = await startPulse({ nodes: 3, guests: 300, speed: 30 });
    const { nodes, vms, containers } = await pulse.until(state => state.vms.length > 0);
    const node = nodes[2]?.node ?? "";
    const guests = [...vms, ...containers].filter(guest => guest.node === node).length;
    await pulse.clock.sleep(3 * MINUTE);
    const posts: { reason: string; alerts: { node: string; type: string }[] }[] = [];
    const { port } = await openReceiver(context, (response, { body }) => {
      posts.push(JSON.parse(body.toString()) as (typeof posts)[number]);
      response.end("ok");
    });
    const send = (path: string, body: unknown) =>
      fetch(`${pulse.url}/api/notifications/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    await send("", { allowedPrivateNetworks: ["127.0.0.1/32"] });
    await send("webhooks", { name: "Bench", url: `http://127.0.0.1:${port}/` });
    const told = (reason: string) =>
      posts.filter(post => post.reason === reason && post.alerts.some(alert => alert.node === node)).length;
    await pulse.estate.faults.cause({ kind: "node-off", instance: "cluster1", node });
    await pulse.clock.sleep(5 * MINUTE);
    const fired = told("firing");
    await pulse.estate.faults.clear();
    await pulse.clock.sleep(5 * MINUTE);
    return `notifications dying-node guests=${guests} fired=${fired} resolved=${told("resolved")} others=${posts.length - fired - told("resolved")}`;
  });
}

/** `channels` webhooks, and alerts of 50 nodes that all fire at once. */
function queueing(channels: number, alerts: number, grouped: boolean): string {
  const folder = mkdtempSync(join(tmpdir(), "pulse-bench-"));
  const room = new Room(folder, { clock: new FakeClock(NOON) });
  for (let at = 0; at < channels; at++) room.webhook(`w${at}`);
  room.schedule.grouping.enabled = grouped;
  const all = Array.from({ length: alerts }, (_, at) => alertOf(`x${at}`, { node: `pve${at % 50}` }));
  const size = () => statSync(join(folder, "pulse.db-wal")).size;
  const time = (work: () => void) => {
    const [bytes, from] = [size(), performance.now()];
    work();
    return `${Math.round(performance.now() - from)}ms ${Math.round((size() - bytes) / KIB)}KiB`;
  };
  const fired = time(() => room.happen("fired", ...all));
  const resolved = time(() => room.happen("resolved", ...all));
  room.database[Symbol.dispose]();
  rmSync(folder, { recursive: true });
  return `notifications queue channels=${channels} alerts=${alerts} grouped=${grouped} fired=${fired} over-before-told=${resolved}`;
}

for (const [channels, grouped] of [
  [1, true],
  [3, true],
  [3, false],
] as const)
  process.stdout.write(`${queueing(channels, 5000, grouped)}\n`);
process.stdout.write(`${await dyingNode()}\n`);
