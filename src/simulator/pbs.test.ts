import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { HOUR } from "../kit/units.ts";
import { call, present, rowsOf } from "./call.ts";
import { openEstate } from "./estate.ts";

const clock = new FakeClock(Date.UTC(2026, 0, 10, 12));
const clusters = ["a", "b"].map(name => ({ name, nodes: 1, guests: 20, nodePrefix: `${name}-node` }));
const namespaces = [{ path: "" }, ...["a", "b"].map(name => ({ path: name, cluster: name }))];
const estate = await openEstate({
  seed: "pbs",
  clusters,
  backupServers: [
    {
      name: "new",
      datastores: [
        { name: "main", size: 1000, fill: 0.5, namespaces },
        { name: "tape", size: 500, fill: 0.9, namespaces: [{ path: "", hosts: ["nas", "100"] }] },
      ],
    },
    { name: "old", version: "2.4", datastores: [{ name: "main", size: 1000, fill: 0.5, namespaces }] },
  ],
  clock,
});
after(() => estate[Symbol.asyncDispose]());
afterEach(() => estate.faults.clear());
const pbs = present(estate.instances.find(({ name }) => name === "new"));
const old = present(estate.instances.find(({ name }) => name === "old"));

const REFUSED: [string, string, Record<string, string> | null, number, RegExp][] = [
  ["nobody", "/version", {}, 401, /^authentication failed - no/],
  [
    "a token in the form of Proxmox VE",
    "/version",
    { authorization: "PVEAPIToken=a=b" },
    401,
    /^authentication failed/,
  ],
  ["an unknown parameter", "/status/datastore-usage?full=1", null, 400, /parameter 'full': schema does not allow/],
  ["an unknown path", "/cluster/resources", null, 404, /^Path '\/api2\/json\/cluster\/resources' not found\.$/],
  ["an unknown datastore", "/admin/datastore/none/gc", null, 404, /does not exist/],
  ["an unknown namespace", "/admin/datastore/main/snapshots?ns=none", null, 404, /does not exist/],
];
for (const [sentence, path, headers, status, text] of REFUSED)
  test(`${sentence} is refused with bare text that is called JSON`, async () => {
    const answer = await call(pbs, path, headers === null ? {} : { headers });
    assert.equal(answer.status, status);
    assert.match(answer.text, text);
    assert.match(String(answer.headers["content-type"]), /^application\/json/);
  });

test("a ticket signs in by its own cookie", async () => {
  const body = new URLSearchParams({ username: pbs.user, password: pbs.password }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const { ticket } = (await call(pbs, "/access/ticket", { method: "POST", headers, body })).data as { ticket: string };
  assert.match(ticket, /^PBS:/);
  const cookie = `PBSAuthCookie=${encodeURIComponent(ticket)}`;
  assert.equal((await call(pbs, "/version", { headers: { cookie } })).status, 200);
});

test("the root namespace is listed as an empty name, and one VMID lies in two namespaces", async () => {
  const found = (await rowsOf(pbs, "/admin/datastore/main/namespace")).map(row => row.ns);
  assert.deepEqual(found, ["", "a", "b"]);
  const in_ = async (ns: string) =>
    (await rowsOf(pbs, `/admin/datastore/main/groups?ns=${ns}`)).map(row => row["backup-id"]);
  assert.ok((await in_("a")).includes("100") && (await in_("b")).includes("100"));
  assert.deepEqual(await rowsOf(pbs, "/admin/datastore/main/snapshots"), []);
});

test("snapshots lack what has not been made yet: verification, size, owner, comment", async () => {
  const rows = await rowsOf(pbs, "/admin/datastore/main/snapshots?ns=a");
  for (const field of ["verification", "owner", "comment"]) {
    const having = rows.filter(row => field in row).length;
    assert.ok(having > 0 && having < rows.length, `${field}: ${having} of ${rows.length}`);
  }
  assert.ok(rows.some(row => (row.verification as { state: string } | undefined)?.state === "failed"));
  assert.ok(rows.every(row => typeof row.protected === "boolean"));
});

test("a new snapshot comes each day, and one that is being written has no size", async () => {
  const newest = async () =>
    (await rowsOf(pbs, "/admin/datastore/tape/snapshots")).map(row => Number(row["backup-time"]));
  const before = Math.max(...(await newest()));
  let unfinished = 0;
  for (let step = 0; step < 144; step++) {
    await clock.advance(HOUR / 6);
    const rows = await rowsOf(pbs, "/admin/datastore/tape/snapshots");
    unfinished += rows.filter(row => !("size" in row)).length;
  }
  assert.ok(Math.max(...(await newest())) > before);
  assert.ok(unfinished > 0);
});

test("a datastore in maintenance refuses every call below it, the others work on", async () => {
  await estate.faults.cause({ kind: "datastore-maintenance", instance: "new", datastore: "main", mode: "offline" });
  assert.equal((await call(pbs, "/admin/datastore/main/namespace")).status, 400);
  assert.equal((await call(pbs, "/admin/datastore/tape/namespace")).status, 200);
  const [main, tape] = await rowsOf(pbs, "/status/datastore-usage");
  assert.match(String(main?.error), /maintenance/);
  assert.equal(main?.total, undefined);
  assert.equal(typeof tape?.total, "number");
});

test("the list of all garbage collections came with 3.2", async () => {
  assert.equal((await call(old, "/admin/gc")).status, 404);
  assert.equal((await call(old, "/admin/datastore/main/gc")).status, 200);
  assert.equal((await rowsOf(pbs, "/admin/gc")).length, 2);
});

test("tasks come newest first, 50 unless told otherwise, with plain worker ids", async () => {
  const tasks = await rowsOf(pbs, "/nodes/localhost/tasks");
  assert.equal(tasks.length, 50);
  const starts = tasks.map(task => Number(task.starttime));
  assert.deepEqual(
    starts,
    starts.toSorted((x, y) => y - x),
  );
  assert.ok(tasks.some(task => String(task.worker_id).includes("/") && String(task.upid).includes("\\x2f")));
});
