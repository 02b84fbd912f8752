/**
 * What an idle estate of 20 guests makes the system write to its disks: a real server, watching a simulated cluster, its writes counted by
 * the system (`write_bytes`) over so many minutes after it has settled; sixty unless told, because the database moves its log into its
 * pages a few times an hour, a megabyte each, and a few minutes say little. What is written once (the past that Proxmox remembers)
 * happens before. Needs a data folder on a real disk: a RAM disk counts nothing.
 */
import { MINUTE } from "../kit/units.ts";
import { startEstate, startPulse } from "../test/server-process.ts";

const SETTLES = 3 * MINUTE;
const minutes = Number(process.argv[2] ?? 60);

await using estate = await startEstate({ clusters: 1, nodes: 2, guests: 20, latency: 0 });
await using pulse = await startPulse(estate);
await new Promise(done => setTimeout(done, SETTLES));
const before = pulse.written();
for (let minute = 1; minute <= minutes; minute++) {
  await new Promise(done => setTimeout(done, MINUTE));
  const bytes = pulse.written() - before;
  const line = `writes guests=20 minutes=${minute} written=${(bytes / 1e6).toFixed(2)}MB`;
  process.stdout.write(`${line} a day: ${(((bytes / minute) * 1440) / 1e6).toFixed(0)}MB\n`);
}
