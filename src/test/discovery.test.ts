import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { openEstate } from "../simulator/estate.ts";
import { demoEstate } from "../simulator/presets.ts";
import { discover } from "../sources/discovery.ts";
import { startPulse } from "./pulse.ts";

test("servers of each product are found by their start pages, and told apart", async () => {
  await using estate = await openEstate(demoEstate());
  const urls = estate.instances.map(({ endpoints }) => new URL(endpoints[0]?.url ?? ""));
  const hosts = [...new Set(urls.map(({ hostname }) => hostname))];
  const ports = urls.map(({ port }) => Number(port));
  const found = await discover(hosts, ports, new AbortController().signal);
  assert.deepEqual(
    new Set(found.map(({ host, port, type }) => `${type} ${host}:${port}`)),
    new Set(estate.instances.map(({ type }, index) => `${type} ${urls[index]?.host}`)),
  );
  assert.ok(found.every(({ name }) => name.length > 0));
});

test("what is no Proxmox server is not found, nor what never answers", async () => {
  const sockets: Socket[] = [];
  const silent = createServer(socket => void sockets.push(socket)).listen(0, "127.0.0.1");
  await new Promise(resolve => silent.once("listening", resolve));
  const stop = new AbortController();
  const scan = discover(["127.0.0.1"], [(silent.address() as AddressInfo).port, 1], stop.signal);
  stop.abort();
  assert.deepEqual(await scan, []);
  for (const socket of sockets) socket.destroy();
  silent.close();
});

test("a scan runs in the background, and only of a private network", async () => {
  await using pulse = await startPulse({ configured: [] });
  const ask = async (subnet: string) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${pulse.url}/api/discover`, {
      method: "POST",
      headers,
      body: JSON.stringify({ subnet }),
    });
    return { status: answer.status, body: (await answer.json()) as { scanning?: boolean; error?: string } };
  };
  const refused = await ask("8.8.8.0/24");
  assert.equal(refused.status, 400);
  assert.match(refused.body.error ?? "", /^subnet: "8\.8\.8\.0\/24" is not private/);
  assert.equal((await ask("127.99.0.0/30")).body.scanning, true);
  for (;;) {
    const found = (await (await fetch(`${pulse.url}/api/discover`)).json()) as { scanning: boolean; updated: number };
    if (!found.scanning && found.updated > 0) break;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
});
