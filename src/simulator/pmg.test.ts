import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { call, present } from "./call.ts";
import { openEstate } from "./estate.ts";

const clock = new FakeClock(Date.UTC(2026, 0, 10, 12));
const estate = await openEstate({
  seed: "pmg",
  clusters: [],
  mailGateways: [
    { name: "mail", nodes: 2 },
    { name: "old", nodes: 1, version: "7.3" },
  ],
  clock,
});
after(() => estate[Symbol.asyncDispose]());
afterEach(() => estate.faults.clear());
const [mail, old] = [present(estate.instances[0]), present(estate.instances[1])];

async function cookieOf(gateway: typeof mail): Promise<Record<string, string>> {
  const body = new URLSearchParams({ username: gateway.user, password: gateway.password }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await call(gateway, "/access/ticket", { method: "POST", headers, body });
  return { cookie: `PMGAuthCookie=${encodeURIComponent((answer.data as { ticket: string }).ticket)}` };
}
const ask = async (gateway: typeof mail, path: string) => call(gateway, path, { headers: await cookieOf(gateway) });
const rows = async (gateway: typeof mail, path: string) => (await ask(gateway, path)).data as Record<string, unknown>[];

test("no API token is known, and 401 has no body", async () => {
  const headers = { authorization: "PMGAPIToken=monitor@pmg!pulse=x" };
  const { status, text } = await call(mail, "/version", { headers });
  assert.deepEqual([status, text], [401, ""]);
});

const STRICT: [string, string, number][] = [
  ["a time frame by name", "/statistics/mail?timeframe=day", 400],
  ["a span in hours", "/statistics/mailcount?timespan=24", 400],
  ["a span in seconds", "/statistics/mailcount?timespan=3600", 200],
  ["an unknown queue", "/nodes/mail1/postfix/qshape?queue=lost", 400],
  ["an unknown node", "/nodes/mail9/postfix/qshape", 500],
  ["a path of Proxmox VE", "/cluster/resources", 501],
];
for (const [sentence, path, status] of STRICT)
  test(`${sentence} is answered with ${status}`, async () => {
    assert.equal((await ask(mail, path)).status, status);
  });

test("a day in bars of an hour adds up to the day", async () => {
  const [from, to] = [clock.now() / 1000 - 86_400, clock.now() / 1000];
  const bars = await rows(mail, `/statistics/mailcount?starttime=${from}&endtime=${to}&timespan=3600`);
  assert.equal(bars.length, 24);
  const day = (await ask(mail, `/statistics/mail?starttime=${from}&endtime=${to}`)).data as Record<string, number>;
  const sum = bars.reduce((total, bar) => total + Number(bar.count_in), 0);
  assert.ok(Math.abs(sum - Number(day.count_in)) < 24, `${sum} and ${day.count_in}`);
});

test("queue shapes are texts with a row of all", async () => {
  const shape = await rows(mail, "/nodes/mail1/postfix/qshape?queue=deferred");
  assert.equal(shape[0]?.domain, "TOTAL");
  assert.ok(shape.every(row => Object.values(row).every(value => typeof value === "string")));
  const others = shape.slice(1).reduce((sum, row) => sum + Number(row.total), 0);
  assert.equal(Number(shape[0]?.total), others);
});

test("a member that is off is told with the reason by the other one", async () => {
  await estate.faults.cause({ kind: "node-off", instance: "mail", node: "mail2" });
  const [master, peer] = await rows(mail, "/config/cluster/status");
  assert.deepEqual([master?.type, master?.conn_error], ["master", undefined]);
  assert.match(String(peer?.conn_error), /No route to host/);
  assert.equal(peer?.uptime, undefined);
  assert.equal((await ask(mail, "/nodes/mail2/postfix/qshape")).status, 595);
});

test("a gateway on its own is listed on request only, and gives its counts as texts in the old release", async () => {
  assert.deepEqual(await rows(old, "/config/cluster/status"), []);
  const [only] = await rows(old, "/config/cluster/status?list_single_node=1");
  assert.deepEqual([only?.type, only?.fingerprint], ["-", "-"]);
  assert.equal(typeof ((await ask(old, "/statistics/mail")).data as Record<string, unknown>).count_in, "string");
});
