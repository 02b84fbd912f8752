/**
 * What a server keeps in memory that has been up for a while: a real one, on a simulated cluster of 4,000 guests, with ten pages open and
 * somebody who asks for the whole state every ten seconds. `npm run bench -- memory 60` measures for an hour; ten minutes unless told.
 * One line a minute, then the greatest of the second half over the greatest of the first: near 1 is flat.
 */
import { WebSocket } from "ws";
import { MIB, MINUTE, SECOND } from "../kit/units.ts";
import { startEstate, startPulse } from "../test/server-process.ts";

const CLIENTS = 10;
const minutes = Number(process.argv[2] ?? 10);

await using estate = await startEstate({ clusters: 1, nodes: 40, guests: 4000, latency: 0 });
await using pulse = await startPulse(estate);
let received = 0;
const pages = Array.from({ length: CLIENTS }, () => {
  const page = new WebSocket(`${pulse.url.replace("http", "ws")}/ws?format=patch`);
  return page.on("message", data => {
    received += (data as Buffer).length;
  });
});
const asking = setInterval(
  // The last one is cut off when the server stops.
  () =>
    void fetch(`${pulse.url}/api/state`).then(
      answer => answer.arrayBuffer(),
      () => null,
    ),
  10 * SECOND,
);
const greatest: number[] = [];
for (let minute = 1; minute <= minutes; minute++) {
  let most = 0;
  for (const until = Date.now() + MINUTE; Date.now() < until; await new Promise(done => setTimeout(done, SECOND)))
    most = Math.max(most, pulse.memory());
  greatest.push(most);
  process.stdout.write(
    `memory guests=4000 clients=${CLIENTS} minute=${minute} rss=${Math.round(most / MIB)}MiB received=${Math.round(received / MIB)}MiB\n`,
  );
}
clearInterval(asking);
for (const page of pages) page.terminate();
const half = Math.floor(greatest.length / 2);
const ratio = Math.max(...greatest.slice(half)) / Math.max(1, ...greatest.slice(0, half));
process.stdout.write(
  `memory greatest=${Math.round(Math.max(...greatest) / MIB)}MiB later/earlier=${ratio.toFixed(2)}\n`,
);
