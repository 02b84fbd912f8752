/**
 * How many times a second one reader after the other gets `/api/state` at 4,000 guests: plain, with gzip, and with an ETag that still
 * holds. The server is a process of its own; eight requests at once, on connections that are kept. The estate moves meanwhile, so an
 * ETag holds until the next change: the reader of `etag` gets 304, and the new state after a change.
 */
import { Agent, request } from "node:http";
import { SECOND } from "../kit/units.ts";
import { startEstate, startPulse } from "../test/server-process.ts";

const GUESTS = 4000;
const AT_ONCE = 8;
const MEASURED = 5 * SECOND;

interface Answer {
  status: number;
  bytes: number;
  etag: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

function ask(url: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers }, response => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, bytes, etag: String(response.headers.etag) }),
      );
    });
    asked.on("error", reject).end();
  });
}

async function measure(url: string, name: string, headers: Record<string, string>): Promise<void> {
  let [answers, bytes] = [0, 0];
  const statuses = new Set<number>();
  const until = Date.now() + MEASURED;
  let { etag } = await ask(url, {});
  const reader = async () => {
    while (Date.now() < until) {
      const answer = await ask(url, name === "etag" ? { "if-none-match": etag } : headers);
      etag = answer.etag;
      statuses.add(answer.status);
      answers += 1;
      bytes += answer.bytes;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  const line = [
    `state guests=${GUESTS} ${name}`,
    `requests/s=${Math.round(answers / (MEASURED / SECOND))}`,
    `bytes/answer=${Math.round(bytes / answers).toLocaleString("en")}`,
    `status=${[...statuses].sort().join("+")}`,
  ];
  process.stdout.write(`${line.join(" ")}\n`);
}

await using estate = await startEstate({ nodes: 40, guests: GUESTS });
await using pulse = await startPulse(estate);
const url = `${pulse.url}/api/state`;
while ((await ask(url, {})).bytes < 1e6) await new Promise(resolve => setTimeout(resolve, 500));
await measure(url, "plain", {});
await measure(url, "gzip", { "accept-encoding": "gzip" });
await measure(url, "etag", {});
agent.destroy();
