import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { jetstream } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { connect } from "@nats-io/transport-node";
import { DIRECT, inboxOf } from "../../cluster/edge-rights.ts";
import { unpackList } from "../../cluster/entered-list.ts";
import { ENTERED, KEYS, KNOWN } from "../../cluster/names.ts";
import { SiteKey } from "../../cluster/site-key.ts";
import { SECOND } from "../../kit/units.ts";
import type { AuditEntry } from "../../model/audit.ts";
import type { ClusterReport } from "../../model/cluster-report.ts";
import { alertId, memberId } from "../../model/ids.ts";
import type { State } from "../../model/state.ts";
import { openSiteKey } from "../../settings/site-key-file.ts";
import { openEstate } from "../../simulator/estate.ts";
import { sizedEstate } from "../../simulator/presets.ts";
import { pictureOf, readJson, send } from "./looks.ts";
import { startNats, TWO_SITES } from "./nats-servers.ts";
import { type ClusterProcess, clusterProcess, entriesOf, forget, until } from "./processes.ts";

interface Listed {
  id: string;
  site?: string;
  locked: boolean;
  status: string;
  name: string;
}

/** Whether a file below `folder` has that text. */
function stands(text: string, folder: string): boolean {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map(name => join(folder, name))
    .some(path => statSync(path).isFile() && readFileSync(path).includes(text));
}

test("an instance that is entered at a core is watched by the edges of its site, and nobody else can open its secret", async t => {
  await using nats = await startNats({
    servers: 1,
    users: TWO_SITES,
  });
  await nats.ready();
  await using estate = await openEstate({
    ...sizedEstate({ nodes: 3, guests: 6, clusters: 0, standalone: 3 }),
    tick: 5 * SECOND,
  });
  const [given, wanted, other] = estate.instances;
  assert.ok(given && wanted && other);
  const line = { PULSE_NATS_URL: nats.url };
  const edgeOf = (site: string, name: string, instances: typeof estate.instances = []) =>
    clusterProcess({
      command: "edge",
      env: { ...line, PULSE_SITE: site, PULSE_NAME: name, PULSE_NATS_USER: site, PULSE_NATS_PASSWORD: `of-${site}` },
      config: { instances: entriesOf(instances) },
    });
  const ofCore = { PULSE_NATS_USER: "core", PULSE_NATS_PASSWORD: "of-cores", PULSE_ENCRYPTION_KEY: "0".repeat(64) };
  const coreOf = (name: string) => clusterProcess({ command: "core", env: { ...line, ...ofCore, PULSE_NAME: name } });
  await using one = coreOf("one");
  await using two = coreOf("two");
  await using first = edgeOf("north", "first", [given]);
  await using second = edgeOf("north", "second", [given]);
  await using south = edgeOf("south", "third");
  const all = [one, two, first, second, south];
  await Promise.all(all.map(process => process.start()));
  const cores = [one, two];
  const report = (core: ClusterProcess) => readJson<ClusterReport>(core, "/api/cluster");
  const listed = async (core: ClusterProcess) => await readJson<Listed[]>(core, "/api/config/nodes");
  const listedAs = async (core: ClusterProcess, id: string) => (await listed(core)).find(it => it.id === id);
  const input = ({ endpoints: [address], tokenId, tokenSecret, type }: typeof wanted) => ({
    ...{ type, host: address?.url, fingerprint: address?.fingerprint, interval: 5 },
    ...{ tokenName: tokenId, tokenValue: tokenSecret },
  });
  const everywhere = (is: (core: ClusterProcess) => Promise<boolean>, what: string) =>
    until(async () => (await Promise.all(cores.map(is))).every(Boolean), what);
  const isConnected = async (core: ClusterProcess, id: string) => (await listedAs(core, id))?.status === "connected";

  await t.test("cores hear of the key of each edge, and of which site it is", async () => {
    await everywhere(async core => {
      const { sites } = await report(core);
      const keys = sites.flatMap(({ name, keys }) => keys.map(({ edge }) => `${name} ${edge}`));
      return keys.sort().join() === "north first,north second,south third";
    }, "known");
    const { edges, sites } = await report(one);
    const announced = sites.flatMap(({ keys }) => keys.map(({ fingerprint }) => fingerprint)).sort();
    assert.deepEqual(edges.map(({ key }) => key).sort(), announced);
    assert.equal(statSync(join(first.folder, "site.key")).mode & 0o777, 0o600);
    const logged = first.log().match(/"fingerprint":"([^"]+)"/)?.[1];
    assert.ok(announced.includes(logged ?? ""), "the edge logs the same");
  });

  await t.test("it is tried by an edge of the site, with what the edge saw", async () => {
    const path = "/api/config/nodes/test-connection";
    const tried = await send(one, "POST", path, { ...input(wanted), site: "north" });
    assert.equal(tried.status, "success");
    assert.equal(tried.fingerprint, wanted.endpoints[0]?.fingerprint);
    await assert.rejects(
      send(two, "POST", path, { ...input(wanted), tokenValue: "wrong", site: "south" }),
      / 400 .*"fault":"auth"/,
    );
    await assert.rejects(send(two, "POST", path, input(wanted)), / 400 .*site: missing; one of/);
    await assert.rejects(send(two, "POST", path, { ...input(wanted), site: "east" }), /no edge of .*east/);
    await everywhere(core => isConnected(core, given.name), "watched");
    const kept = await send(two, "POST", `/api/config/nodes/${given.name}/test`);
    assert.equal(kept.status, "success");
  });

  await t.test("it is entered at one core, listed by both, and watched at its site", async () => {
    const saved = await send(one, "POST", "/api/config/nodes", { ...input(wanted), name: "Entered", site: "north" });
    assert.equal(saved.id, "Entered");
    await everywhere(core => isConnected(core, "Entered"), "watched");
    const { instances } = await report(two);
    const held = instances.find(({ name }) => name === "Entered");
    assert.ok(held?.site === "north" && ["first", "second"].includes(held.holder ?? ""), JSON.stringify(held));
    for (const core of cores) {
      const { locked, site } = (await listedAs(core, "Entered")) ?? {};
      assert.deepEqual({ locked, site }, { locked: false, site: "north" });
      assert.equal((await listedAs(core, given.name))?.locked, true);
    }
  });

  await t.test("another site can neither read nor open it, nor say a key in its name", async () => {
    const as = async (user: string) => {
      const connection = await connect({ servers: nats.url, user, pass: `of-${user}`, inboxPrefix: inboxOf(user) });
      return { connection, buckets: new Kvm(jetstream(connection, { timeout: 5 * SECOND })) };
    };
    const { connection: ours, buckets: own } = await as("north");
    const lists = await own.open(ENTERED, DIRECT);
    const [entry] = unpackList((await lists.get("north"))?.value ?? new Uint8Array()).instances;
    assert.ok(entry);
    const keyOf = ({ folder }: ClusterProcess) => new SiteKey(openSiteKey(folder));
    const opened = [first, second, south].map(edge => keyOf(edge).open(entry.sealed, { site: "north", ...entry }));
    assert.deepEqual(opened, [wanted.tokenSecret, wanted.tokenSecret, null]);
    await assert.rejects(lists.put("north", "nothing"));
    const { connection: theirs, buckets: others } = await as("south");
    const otherLists = await others.open(ENTERED, DIRECT);
    await assert.rejects(otherLists.get("north"));
    const known = await others.open(KNOWN, DIRECT);
    await assert.rejects(known.put(`north.${KEYS}.evil`, keyOf(south).publicKey));
    await Promise.all([ours, theirs].map(connection => connection.close()));
  });

  await t.test(
    "names are unique over all sites, an address is within one, and what stands in a file stays",
    async () => {
      const again = { ...input(other), name: "Entered", site: "south" };
      const { id } = await send(two, "POST", "/api/config/nodes", again);
      assert.equal(id, "Entered-2");
      await send(one, "DELETE", `/api/config/nodes/${id}`);
      await assert.rejects(send(two, "POST", "/api/config/nodes", { ...input(wanted), site: "north" }), / 409 /);
      await assert.rejects(
        send(one, "PUT", `/api/config/nodes/${given.name}`, { interval: 9 }),
        / 403 .*pulse.yaml of an edge/,
      );
      await assert.rejects(send(one, "DELETE", `/api/config/nodes/${given.name}`), / 403 /);
    },
  );

  await t.test("what is changed without a secret keeps it; for another address it must be entered anew", async () => {
    await send(two, "PUT", "/api/config/nodes/Entered", { name: "Renamed", tokenValue: "" });
    await everywhere(async core => (await listedAs(core, "Entered"))?.name === "Renamed", "renamed");
    await everywhere(core => isConnected(core, "Entered"), "watched");
    const elsewhere = { host: other.endpoints[0]?.url ?? "" };
    await assert.rejects(send(one, "PUT", "/api/config/nodes/Entered", elsewhere), / 400 .*enter it anew/);
    await assert.rejects(send(one, "PUT", "/api/config/nodes/Entered", { site: "south" }), / 400 .*cannot be changed/);
    assert.equal((await send(one, "POST", "/api/config/nodes/Entered/test")).status, "success");
  });

  await t.test("the edge that watches it is killed: the other one takes over", async () => {
    const holder = (await report(one)).instances.find(({ name }) => name === "Entered")?.holder;
    const killed = holder === "first" ? first : second;
    await killed.kill();
    const isTaken = async () =>
      (await report(one)).instances.some(it => it.name === "Entered" && it.holder !== null && it.holder !== holder);
    await until(isTaken, "taken over");
    await everywhere(core => isConnected(core, "Entered"), "watched");
    // ... and whoever relies on two is told that one is lost, until it is back.
    await send(one, "PUT", "/api/alerts/config", { checks: { unheard: { hold: 10 } } });
    const lost = alertId(memberId({ site: "north", name: String(holder) }), "unheard");
    await everywhere(async core => lost in (await pictureOf(core)).alerts, "told that an edge is lost");
    // Where it is gone for good somebody says so, at any core.
    const path = `/api/cluster/edges/north/${holder}`;
    const other = holder === "first" ? "second" : "first";
    await assert.rejects(send(two, "DELETE", `/api/cluster/edges/north/${other}`), / 409 .*stop it first/);
    await assert.rejects(send(two, "DELETE", `/api/cluster/edges/south/${holder}`), / 404 /);
    await send(two, "DELETE", path);
    const isKnown = async (core: ClusterProcess) => {
      const { edges, sites } = await report(core);
      return [edges.map(({ name }) => name), sites.flatMap(({ keys }) => keys.map(({ edge }) => edge))].some(names =>
        names.includes(String(holder)),
      );
    };
    await everywhere(async core => !(lost in (await pictureOf(core)).alerts), "no alert any more");
    await everywhere(async core => !(await isKnown(core)), "known no more");
    const { entries } = await readJson<{ entries: AuditEntry[] }>(two, "/api/security/audit?limit=1");
    assert.deepEqual([entries[0]?.action, entries[0]?.target], ["dismissEdge", `north ${holder}`]);
    await killed.start();
    await everywhere(isKnown, "back");
    await send(one, "PUT", "/api/alerts/config", { checks: { unheard: { hold: 300 } } });
  });

  await t.test("a core that was away knows it when it is back", async () => {
    await two.stop();
    const { id } = await send(one, "POST", "/api/config/nodes", { ...input(other), name: "Meanwhile", site: "south" });
    assert.equal(id, "Meanwhile");
    await two.start();
    await until(async () => (await listedAs(two, "Entered"))?.locked === false, "known");
    await everywhere(core => isConnected(core, "Meanwhile"), "watched");
  });

  await t.test("an edge does not forget what was entered: it is removed on the page", () => {
    const env = { ...line, PULSE_SITE: "north", PULSE_NAME: "hand" };
    const { code, said } = forget("Entered", { ...env, PULSE_NATS_USER: "north", PULSE_NATS_PASSWORD: "of-north" });
    assert.deepEqual([code, /was entered on the page/.test(said)], [1, true], said);
  });

  await t.test("NATS loses all that it had stored: it goes on", async () => {
    const watched = () => [first, second].map(edge => edge.log().split("Watching instance").length);
    const before = watched();
    const [server] = nats.servers;
    await server?.lose();
    server?.start();
    const isHeld = (name: string) => async (core: ClusterProcess) => {
      const { nats: now, instances } = await report(core);
      return now.answers && instances.some(one => one.name === name && one.holder !== null);
    };
    await until(() => watched().some((times, at) => times > (before[at] ?? 0)), "noticed");
    for (const name of ["Entered", "Meanwhile"]) await everywhere(isHeld(name), `${name} watched`);
    await until(
      async () => (await report(one)).streams.some(({ name, messages }) => /ENTERED/.test(name) && messages === 2),
      "laid anew",
    );
    await send(one, "PUT", "/api/config/nodes/Entered", { name: "Again" });
    await everywhere(async core => (await listedAs(core, "Entered"))?.name === "Again", "renamed");
    await everywhere(core => isConnected(core, "Entered"), "watched");
  });

  await t.test("what is removed goes from edges and from the picture, and stays away", async () => {
    const guests = async (core: ClusterProcess) =>
      Object.keys((await pictureOf(core)).guests).filter(id => id.startsWith("Meanwhile:"));
    await everywhere(async core => (await guests(core)).length > 0, "shown");
    await send(two, "DELETE", "/api/config/nodes/Meanwhile");
    const holdsNone = async (core: ClusterProcess) =>
      (await report(core)).edges.some(({ name, holds }) => name === "third" && holds.length === 0);
    await everywhere(holdsNone, "let go");
    await everywhere(async core => (await guests(core)).length === 0, "gone");
    await everywhere(async core => (await listedAs(core, "Meanwhile")) === undefined, "listed no longer");
    assert.deepEqual((await report(one)).skipped, []);
  });

  await t.test("a server registers itself at any core, by a code of another one, once", async () => {
    const about = { type: "pve", host: other.endpoints[0]?.url };
    await assert.rejects(
      send(one, "POST", "/api/setup-script-url", about),
      / 400 .*site: missing; one of .*north.*south/,
    );
    await assert.rejects(
      send(one, "POST", "/api/setup-script-url", { ...about, site: "east" }),
      / 400 .*site: no edge of .*east/,
    );
    const { setupCode } = await send(one, "POST", "/api/setup-script-url", { ...about, site: "south" });
    const { tokenId, tokenSecret: tokenValue } = other;
    const { fingerprint } = other.endpoints[0] ?? {};
    const registration = { ...about, serverName: "Itself", tokenId, tokenValue, fingerprint, setupCode };
    const { nodeId } = await send(two, "POST", "/api/auto-register", registration);
    assert.equal(nodeId, "Itself");
    await everywhere(core => isConnected(core, "Itself"), "watched");
    assert.equal((await listedAs(one, "Itself"))?.site, "south");
    await assert.rejects(send(one, "POST", "/api/auto-register", registration), / 401 /);
  });

  await t.test(
    "when no edge can open its secret any more every core says so, once, until it is entered anew",
    async () => {
      const marks = cores.map(core => core.log().length);
      await south.stop();
      rmSync(join(south.folder, "site.key"));
      await south.start();
      const faultOf = async (core: ClusterProcess) => {
        const { instances } = await readJson<State>(core, "/api/state");
        return instances.find(({ id }) => id === "Itself");
      };
      const isTold = async (core: ClusterProcess) => {
        const { status, fault } = (await faultOf(core)) ?? {};
        return status === "degraded" && fault?.kind === "auth" && /enter it anew/.test(fault.message);
      };
      await everywhere(isTold, "told");
      for (const [at, core] of cores.entries())
        assert.equal(core.log().slice(marks[at]).split('Instance \\"Itself\\" is degraded').length, 2);
      await until(async () => {
        const { edges, sites } = await report(one);
        const key = edges.find(({ name }) => name === "third")?.key;
        return sites.some(({ keys }) => keys.some(({ edge, fingerprint }) => edge === "third" && fingerprint === key));
      }, "its new key heard of");
      const { tokenId: tokenName, tokenSecret: tokenValue } = other;
      await send(one, "PUT", "/api/config/nodes/Itself", { tokenName, tokenValue });
      await everywhere(core => isConnected(core, "Itself"), "watched again");
      await everywhere(async core => (await faultOf(core))?.fault === null, "no fault any more");
    },
  );

  await t.test("without an edge of the site it can be tried by nobody", async () => {
    await south.stop();
    const path = "/api/config/nodes/test-connection";
    await assert.rejects(send(one, "POST", path, { ...input(other), site: "south" }), / 503 .*No edge of site/);
    for (const server of nats.servers) await server.kill();
    const isTold = () =>
      send(one, "POST", path, { ...input(other), site: "south" }).then(
        () => false,
        error => / 503 .*NATS is not reached/.test(String(error)),
      );
    await until(isTold, "told why nobody can");
  });

  await t.test("the secret stands in no file of NATS, of cores or edges, and in no log", () => {
    const folders = [nats.folder, ...all.map(({ folder }) => folder)];
    assert.ok(stands(given.tokenSecret, first.folder), "what stands in a file is found");
    for (const { tokenSecret: secret } of [wanted, other]) {
      for (const folder of folders) assert.equal(stands(secret, folder), false, folder);
      for (const process of all) assert.equal(process.log().includes(secret), false);
    }
  });
});
