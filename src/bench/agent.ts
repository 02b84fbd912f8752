/**
 * What the built Docker agent costs the host it runs on: against a stand-in engine with 100 containers and a stand-in server, in real time.
 * `npm run bench -- agent 10 500 5` measures ten minutes of 500 containers every five seconds; three minutes of 100 every 30 unless told.
 */
import { MIB, MINUTE, SECOND } from "../kit/units.ts";
import { EXECUTABLE, startAgent } from "../test/agent-process.ts";
import { cpuOf, memoryOf } from "../test/process-load.ts";
import { openStandInEngine } from "../test/stand-in-engine.ts";
import { openStandInServer } from "../test/stand-in-server.ts";

const [minutes = 3, count = 100, interval = 30] = process.argv.slice(2).map(Number);

await using engine = await openStandInEngine({
  containers: Array.from({ length: count }, (_, index) => ({
    name: `app-${index}`,
    labels: {
      "com.docker.compose.project": "site",
      "com.docker.compose.service": `app-${index}`,
      maintainer: "somebody",
    },
    health: "healthy",
  })),
});
await using server = await openStandInServer();
await using agent = startAgent({
  socket: engine.socket,
  args: ["--url", server.url, "--interval", `${interval}s`],
  env: { PULSE_TOKEN: "the-token" },
});
// The start, with its two looks, is not what an agent costs in the long run.
await server.until(({ reports }) => reports.length > 0);
const [cpu, from] = [cpuOf(agent.child), performance.now()];
const samples: number[] = [];
while (performance.now() - from < minutes * MINUTE) {
  await new Promise(done => setTimeout(done, SECOND));
  samples.push(memoryOf(agent.child));
}
const seconds = (performance.now() - from) / SECOND;
const mean = samples.reduce((sum, one) => sum + one, 0) / samples.length;
process.stdout.write(
  [
    `agent containers=${count} interval=${interval}s minutes=${minutes} reports=${server.reports.length}`,
    `rss=${(mean / MIB).toFixed(1)}MiB rss-most=${(Math.max(...samples) / MIB).toFixed(1)}MiB`,
    `cpu=${(((cpuOf(agent.child) - cpu) / seconds) * 100).toFixed(2)}%`,
    `bytes/report=${server.lastSize} executable=${EXECUTABLE.split("/").at(-1)}\n`,
  ].join(" "),
);
