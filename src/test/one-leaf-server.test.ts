import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { changedAt, NASTY, placesIn } from "./one-leaf.ts";
import { startPulse } from "./pulse.ts";
import { randomNumbers } from "./random-numbers.ts";

/** Another seed changes other places; which answers come when depends on the machine, too. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_130);
/** So many answers have one place changed. */
const ANSWERS = Number(process.env.FUZZ_ANSWERS ?? 300);
const VALUES: readonly unknown[] = [undefined, ...NASTY];
const ENDS = ["unhandledRejection", "uncaughtException"] as const;
/** What no simulated path can hold. */
const ODD = /%[89a-fA-F]|%0/;

test(`a whole server goes on while each answer has one place that nobody meant (seed ${SEED}), and is well afterwards`, {
  timeout: 600_000,
}, async context => {
  const wrong: string[] = [];
  let last = "nothing";
  const tell = (error: unknown) => void wrong.push(`${last}: ends the process: ${(error as Error).stack ?? error}`);
  for (const end of ENDS) process.on(end, tell);
  context.after(() => {
    for (const end of ENDS) process.off(end, tell);
  });
  const roll = randomNumbers(SEED);
  let changed = 0;
  const change = (path: string, body: string): string => {
    if (changed >= ANSWERS || !body.startsWith("{")) return body;
    const answer = JSON.parse(body) as { data: unknown };
    const places = [...placesIn(answer.data, 5)];
    const place = places[Math.floor(roll() * places.length)] ?? [];
    const value = VALUES[Math.floor(roll() * VALUES.length)];
    last = `${path} with ${place.join(".") || "all"} = ${JSON.stringify(value)?.slice(0, 60) ?? "left out"}`;
    changed += 1;
    return JSON.stringify({ ...answer, data: changedAt(answer.data, place, value) });
  };
  const ways = new Map<string, string>();
  const estate = {
    seed: "leaf",
    clusters: [{ name: "home", nodes: 1, guests: 10, standalone: true }],
    backupServers: [
      {
        name: "vault",
        datastores: [{ name: "main", size: 4000, fill: 0.5, namespaces: [{ path: "", cluster: "home" }] }],
      },
    ],
    mailGateways: [{ name: "mail", nodes: 1 }],
  };
  const ports = await Promise.all(Array.from({ length: 3 }, () => openProxy(context, ways, change)));
  await using pulse = await startPulse({
    estate,
    change: one => {
      const host = `http://127.0.0.1:${ports[ways.size]}`;
      ways.set(new URL(host).port, one.host);
      return { ...one, host };
    },
  });
  const state = await pulse.untilSo(pulse.state, () => changed >= ANSWERS || wrong.length > 0);
  assert.deepEqual(wrong, [], `seed ${SEED}`);
  assert.equal(state.instances.length, 3);
  const well = await pulse.until(
    ({ instances, vms, containers, pbs, pmg }) =>
      instances.every(({ status }) => status === "online") &&
      [...vms, ...containers, ...pbs, ...pmg].every(({ stale }) => !stale) &&
      vms.length + containers.length >= 10 &&
      pbs.length === 1 &&
      pmg.length === 1,
  );
  assert.deepEqual(wrong, [], `seed ${SEED}`);
  assert.ok(well.nodes.length >= 1);
});

/** Passes on what is asked to where `ways` says for its port, and what is answered by `change`. */
async function openProxy(
  context: TestContext,
  ways: ReadonlyMap<string, string>,
  change: (path: string, body: string) => string,
): Promise<number> {
  const server = createServer(async (asked: IncomingMessage, answer: ServerResponse) => {
    const { url = "/", method = "GET", headers } = asked;
    const body = await textOf(asked);
    const target = ways.get(String(asked.socket.localPort));
    if (!target || ODD.test(url.split("?")[0] ?? "")) return void answer.writeHead(500, "no such path").end("{}");
    const call = request(`${target}${url}`, {
      method,
      headers: { ...headers, host: new URL(target).host },
      rejectUnauthorized: false,
    });
    call.on("error", () => answer.destroy());
    call.on("response", async told => {
      const { statusCode: status = 500, statusMessage: reason = "" } = told;
      const text = await textOf(told);
      const { "content-length": _, "transfer-encoding": __, ...rest } = told.headers;
      const isData = status === 200 && method === "GET";
      answer.writeHead(status, reason, rest).end(isData ? change(url.split("?")[0] ?? "", text) : text);
    });
    call.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
