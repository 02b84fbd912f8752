import assert from "node:assert/strict";
import { after, test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { HOUR, SECOND } from "../kit/units.ts";
import { call, present } from "./call.ts";
import { openEstate } from "./estate.ts";

const clock = new FakeClock();
const estate = await openEstate({
  seed: "sign-in",
  clusters: [
    { name: "c", nodes: 2, guests: 3 },
    { name: "other", nodes: 1, guests: 1, standalone: true },
  ],
  clock,
});
after(() => estate[Symbol.asyncDispose]());
const instance = present(estate.instances[0]);
const { user, password, tokenId, tokenSecret } = instance;

interface Ticket {
  ticket: string;
  CSRFPreventionToken: string;
  username: string;
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };

function login(fields: Record<string, string>, node?: string) {
  const body = new URLSearchParams(fields).toString();
  return call(instance, "/access/ticket", { method: "POST", headers: FORM, body }, node);
}

async function ticketOf(fields: Record<string, string> = { username: user, password }): Promise<Ticket> {
  return (await login(fields)).data as Ticket;
}

function cookieOf({ ticket }: Ticket): Record<string, string> {
  return { cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}` };
}

const headers: [string, Record<string, string>, number, string][] = [
  ["nothing at all", {}, 401, "No ticket"],
  ["the token", { authorization: `PVEAPIToken=${tokenId}=${tokenSecret}` }, 200, "OK"],
  ["a wrong secret", { authorization: `PVEAPIToken=${tokenId}=nope` }, 401, "invalid token value!"],
  [
    "an unknown token",
    { authorization: `PVEAPIToken=${user}!x=${tokenSecret}` },
    401,
    `no such token 'x' for user '${user}'`,
  ],
  ["a made-up ticket", { cookie: "PVEAuthCookie=PVE:x" }, 401, "permission denied - invalid PVE ticket"],
];
for (const [name, sent, status, reason] of headers)
  test(`${name} gets ${status}`, async () => {
    const answer = await call(instance, "/version", { headers: sent });
    assert.deepEqual([answer.status, answer.reason], [status, reason]);
  });

test("a refused login has no body, no type, no length, and closes the connection", async () => {
  const { text, headers } = await call(instance, "/version", { headers: {} });
  assert.equal(text, "");
  for (const name of ["content-type", "content-length", "transfer-encoding"]) assert.equal(headers[name], undefined);
  assert.equal(headers.connection, "close");
});

const logins: [string, Record<string, string>, number][] = [
  ["user and password", { username: user, password }, 200],
  ["user, realm and password", { username: "monitor", realm: "pve", password }, 200],
  ["a wrong password", { username: user, password: "x" }, 401],
  ["a wrong user", { username: "root@pam", password }, 401],
  ["no password", { username: user }, 400],
];
for (const [name, fields, status] of logins)
  test(`logging in with ${name} gets ${status}`, async () => assert.equal((await login(fields)).status, status));

test("logging in takes JSON as well", async () => {
  const body = JSON.stringify({ username: user, password });
  const json = { "content-type": "application/json" };
  assert.equal((await call(instance, "/access/ticket", { method: "POST", headers: json, body })).status, 200);
});

test("a ticket is good on every member, and for a new one, but not elsewhere", async () => {
  const ticket = await ticketOf();
  assert.equal(ticket.username, user);
  assert.equal((await call(instance, "/version", { headers: cookieOf(ticket) }, "pve2")).status, 200);
  assert.equal((await login({ username: user, password: ticket.ticket })).status, 200);
  const other = present(estate.instances[1]);
  assert.equal((await call(other, "/version", { headers: cookieOf(ticket) })).status, 401);
});

test("anything but a GET needs the CSRF token besides the ticket", async () => {
  const ticket = await ticketOf();
  const post = (more: Record<string, string>) =>
    call(instance, "/nodes/pve1/qemu/100/status/stop", { method: "POST", headers: { ...cookieOf(ticket), ...more } });
  const bare = await post({});
  assert.deepEqual([bare.status, bare.reason], [401, "Permission denied - invalid csrf token"]);
  assert.equal((await post({ CSRFPreventionToken: ticket.CSRFPreventionToken })).status, 501);
});

test("a ticket lives two hours by the clock", async () => {
  const ticket = await ticketOf();
  const status = async () => (await call(instance, "/version", { headers: cookieOf(ticket) })).status;
  await clock.advance(2 * HOUR);
  assert.equal(await status(), 200);
  await clock.advance(SECOND);
  assert.equal(await status(), 401);
});

test("a revoked token, an expired ticket and a changed password are refused until the fault is cleared", async () => {
  const ticket = await ticketOf();
  const { name } = instance;
  const statuses = async () => [
    (await call(instance, "/version")).status,
    (await call(instance, "/version", { headers: cookieOf(ticket) })).status,
    (await login({ username: user, password })).status,
    (await login({ username: user, password: `${password}-changed` })).status,
  ];
  assert.deepEqual(await statuses(), [200, 200, 200, 401]);
  for (const kind of ["token-revoked", "tickets-expired", "password-changed"] as const)
    await estate.faults.cause({ kind, instance: name });
  assert.deepEqual(await statuses(), [401, 401, 401, 200]);
  await estate.faults.clear();
  assert.deepEqual(await statuses(), [200, 200, 200, 401]);
});

test("tickets made after the old ones expired are good", async () => {
  await estate.faults.cause({ kind: "tickets-expired", instance: instance.name, lasts: HOUR });
  await clock.advance(SECOND);
  assert.equal((await call(instance, "/version", { headers: cookieOf(await ticketOf()) })).status, 200);
  await estate.faults.clear();
});
