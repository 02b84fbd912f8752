import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE } from "../../kit/units.ts";
import type { ClusterReport } from "../../model/cluster-report.ts";
import { shoot } from "../browser.ts";
import { assertFits, comesTo, startReader } from "./reader.ts";

const FINGERPRINT = "4F1A 09C2 77E0 B3D5 1188 6A2C 90FE 54D7";
const SERVERS = ["nats://nats1:4222", "nats://nats2:4222", "nats://nats3:4222"];

/** What a core would tell at `now`. */
function reportAt(now: number): ClusterReport {
  const core = (name: string, behind: number) => ({
    ...{ name, version: "5.0.0", position: 1_234_567 - behind, behind, skipped: 0 },
    ...{ tells: name === "core-2", alone: false, seen: now - 2000, silentSince: null },
  });
  const edge = (site: string, name: string, holds: string[]) => ({
    ...{ site, name, version: "5.0.0", holds, waiting: { entries: 0, bytes: 0 }, seen: now - 1000, silentSince: null },
    ...{ key: FINGERPRINT, cannotOpen: [] },
  });
  const stream = (name: string, messages: number, bytes: number) => ({
    ...{ name, messages, bytes, limit: null, keeps: null, copies: 3, leader: "nats1" },
    others: [
      { name: "nats2", state: "current" as const },
      { name: "nats3", state: "current" as const },
    ],
  });
  return {
    self: "core-1",
    nats: { servers: SERVERS, server: "nats2", answers: true, answered: now, refuses: null },
    streams: [
      { ...stream("PULSE", 812_000, 1.9e9), limit: 4 * 2 ** 30, keeps: 24 * 60 * MINUTE },
      stream("PULSE_COMMANDS", 310, 4e5),
    ],
    cores: [core("core-1", 0), core("core-2", 0), core("core-3", 1204)],
    edges: [
      edge("north", "edge-a", ["home", "vault"]),
      edge("north", "edge-b", ["office"]),
      edge("south", "edge-c", ["attic"]),
    ],
    instances: [
      { name: "home", site: "north", holder: "edge-a", silentSince: null },
      { name: "attic", site: "south", holder: "edge-c", silentSince: null },
    ],
    sites: [
      { name: "north", keys: ["edge-a", "edge-b"].map(edge => ({ edge, fingerprint: FINGERPRINT })) },
      { name: "south", keys: [{ edge: "edge-c", fingerprint: FINGERPRINT }] },
    ],
    skipped: [],
  };
}

/** ... when the line to the south is cut, a server of NATS is lost, and somebody has put nonsense on the stream. */
function troubledAt(now: number): ClusterReport {
  const { cores, edges, streams, instances, ...rest } = reportAt(now);
  const since = now - 7 * MINUTE;
  return {
    ...rest,
    cores: cores.map(core => (core.name === "core-3" ? { ...core, silentSince: since, seen: since } : core)),
    edges: edges.map(edge => (edge.site === "south" ? { ...edge, silentSince: since, seen: since } : edge)),
    streams: streams.map(stream => ({
      ...stream,
      others: stream.others.map(one => (one.name === "nats3" ? { ...one, state: "offline" } : one)),
    })),
    instances: instances.map(one => (one.site === "south" ? { ...one, holder: null, silentSince: since } : one)),
    skipped: [
      {
        site: "north",
        instance: "vault",
        reason: "guests.0.cpu: must be a number or null",
        count: 12,
        since,
        last: now,
      },
    ],
  };
}

/** A page of one that has several beside it, which tells that of them. */
async function openSeveral(
  reader: Awaited<ReturnType<typeof startReader>>,
  look: Parameters<typeof reader.open>[1],
  tell: (now: number) => ClusterReport,
) {
  const several = await reader.open("", look);
  await several.route("**/api/session", async route => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), several: true } });
  });
  await several.route("**/api/cluster", route => route.fulfill({ json: tell(Date.now()) }));
  return several;
}

test("how several Pulses fare is on a page of its own, which a single one has not", async () => {
  await using reader = await startReader({});
  const { page } = reader;
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Diagnostics" }).waitFor();
  await comesTo(() => page.getByRole("button", { name: "Cluster" }).count(), 0);

  let tell: (now: number) => ClusterReport = reportAt;
  const open = async (look: Parameters<typeof reader.open>[1]) => {
    const several = await openSeveral(reader, look, now => tell(now));
    await several.goto(`${reader.pulse.url}/?page=settings&section=cluster`);
    return several;
  };
  const wide = await open({});
  await wide.getByText("core-2 tells people of alerts, for all.").waitFor();
  await wide.getByRole("row", { name: /core-3.*1,204 entries behind/ }).waitFor();
  await wide.getByRole("row", { name: /south edge-c .* there .* attic nothing/ }).waitFor();
  await wide.getByRole("row", { name: /PULSE 812,000 .* of 4\.0 G.* nats1 3/ }).waitFor();
  await comesTo(() => wide.getByRole("heading", { name: "Skipped" }).count(), 0);
  await assertFits(wide);
  await shoot(wide, "cluster");
  await wide.close();

  tell = troubledAt;
  const phone = await open({ width: 360, height: 800, colorScheme: "dark" });
  await phone.getByText("Nobody watches attic (site south).").waitFor();
  await phone.getByText("not heard of", { exact: true }).first().waitFor();
  await phone.getByText("nats3 not reached").first().waitFor();
  // One that is taken away for good may be said to be, by an administrator; the question stays while all is read anew.
  const dismissed: string[] = [];
  await phone.route("**/api/cluster/*/**", async route => {
    dismissed.push(`${route.request().method()} ${new URL(route.request().url()).pathname}`);
    const before = tell;
    tell = now => {
      const report = before(now);
      return { ...report, edges: report.edges.filter(({ site }) => site !== "south") };
    };
    await route.fulfill({ json: { status: "success" } });
  });
  assert.equal(await phone.getByRole("button", { name: "Gone for good" }).count(), 2, "of those that are silent");
  const lost = phone.locator(".asking-line").filter({ hasText: "edge-c is not heard of" });
  await lost.getByRole("button", { name: "Gone for good" }).click();
  await phone.waitForResponse("**/api/cluster", { timeout: MINUTE });
  await assertFits(phone);
  await shoot(phone, "cluster-gone");
  await lost.getByRole("button", { name: "It is gone" }).click();
  await lost.waitFor({ state: "detached" });
  assert.deepEqual(dismissed, ["DELETE /api/cluster/edges/south/edge-c"]);
  // Where a line is a card, each value says of what it is.
  const said = await phone.evaluate<string[]>(
    "[...document.querySelectorAll('.wide-table td:is([data-say=Entries], [data-say=Size])')].slice(0, 2).map(cell => getComputedStyle(cell, '::before').content)",
  );
  assert.deepEqual(said, ['"Entries: "', '"Size: "']);
  await phone.getByText("guests.0.cpu: must be a number or null").waitFor();
  await assertFits(phone);
  await shoot(phone, "cluster-phone");
  await phone.close();

  tell = now => {
    const { cores, nats, ...rest } = troubledAt(now);
    return {
      ...rest,
      nats: {
        ...{ ...nats, server: null, answers: false, answered: now - 5 * MINUTE },
        refuses: { since: now - 5 * MINUTE, reason: "insufficient resources" },
      },
      cores: cores.map(core => ({ ...core, tells: false, alone: true })),
    };
  };
  const dark = await open({ colorScheme: "dark" });
  await dark.getByText(/^NATS has not answered since .* nothing can be changed\.$/).waitFor();
  await dark.getByText(/^NATS has stored nothing .*: insufficient resources\. Its disks/).waitFor();
  await dark.getByText(/^Each core tells people for itself/).waitFor();
  await dark.getByText("A majority of the servers does not answer: what follows is from before.").waitFor();
  await dark.getByRole("row", { name: /core-1 .*there up to date/ }).waitFor();
  await dark.getByRole("row", { name: /core-2 not known now/ }).waitFor();
  await dark.getByRole("row", { name: /edge-a .*not known now/ }).waitFor();
  // Who cannot hear anybody does not know who watches.
  assert.equal(await dark.getByText(/^Nobody watches|not heard of/).count(), 0);
  await shoot(dark, "cluster-alone");
  assert.deepEqual(reader.complaints, []);
});

test("at a core an instance is entered for a site, and one sees for whose keys its secret is sealed", async () => {
  await using reader = await startReader({});
  const sites = (now: number): ClusterReport => {
    const report = reportAt(now);
    return {
      ...report,
      edges: report.edges.map(edge => (edge.name === "edge-b" ? { ...edge, cannotOpen: ["home"] } : edge)),
      sites: [...report.sites, { name: "west", keys: [] }],
    };
  };
  const page = await openSeveral(reader, {}, sites);
  const entered: Record<string, unknown>[] = [];
  const listed = {
    ...{
      type: "pve",
      host: "https://10.0.0.1:8006",
      hasPassword: false,
      hasToken: true,
      tokenName: "pulse@pve!monitor",
    },
    ...{ fingerprint: null, ca: null, verifySSL: true, interval: null, status: "connected", error: null },
    ...{ isCluster: true, clusterName: "lab", clusterEndpoints: [] },
  };
  await page.route("**/api/config/nodes", async route => {
    if (route.request().method() === "GET")
      return await route.fulfill({
        json: [
          { ...listed, id: "home", name: "home", site: "north", locked: true },
          { ...listed, id: "attic", name: "attic", site: "south", locked: false },
        ],
      });
    entered.push(route.request().postDataJSON() as Record<string, unknown>);
    await route.fulfill({ status: 201, json: { status: "success", id: "vault" } });
  });
  const first = page.waitForResponse("**/api/cluster");
  await page.goto(`${reader.pulse.url}/?page=settings`);
  await first;
  const readAgain = Promise.withResolvers<void>();
  await page.route("**/api/cluster", async route => {
    await readAgain.promise;
    await route.fallback();
  });
  await page.getByText("set in the pulse.yaml of an edge").waitFor();
  await page.getByText("site south").waitFor();
  // Nobody has looked at it yet: that is no fault, and how many nodes it has nobody knows.
  const line = page.locator(".instance").filter({ hasText: "attic" });
  await line.getByText("connecting").waitFor();
  await line.getByText("cluster lab site south").waitFor();
  await page.getByRole("button", { name: "By a command on the server" }).waitFor();
  await page.getByRole("button", { name: "Add an instance" }).click();
  const form = page.getByRole("form", { name: "Add an instance" });
  await form.getByText("Sealed for the edges of site north").click();
  await form.getByText(FINGERPRINT).first().waitFor();
  await assertFits(page);
  await shoot(page, "cluster-instance");
  await form.getByLabel("Site").selectOption("west");
  await form.getByText("No edge of this site can open what is entered here").waitFor();
  await form.getByLabel("Site").selectOption("south");
  const again = page.waitForResponse("**/api/cluster");
  readAgain.resolve();
  await again;
  await comesTo(() => form.getByLabel("Site").inputValue(), "south", "also once the sites are read anew");
  await form.getByLabel("Address").fill("10.0.0.2");
  await form.getByRole("textbox", { name: "Token ID" }).fill("pulse@pve!monitor");
  await form.getByLabel("Secret").fill("a secret");
  await form.getByRole("button", { name: "Add" }).click();
  await form.waitFor({ state: "detached" });
  assert.equal(entered[0]?.site, "south");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByText("Sealed for the edges of site south").waitFor();
  assert.equal(await page.getByLabel("Site", { exact: true }).count(), 0, "it stays at its site");
  await page.goto(`${reader.pulse.url}/?page=settings&section=cluster`);
  await page.getByText(/^edge-b cannot open the secrets of home/).waitFor();
  await page.goto(`${reader.pulse.url}/?page=settings&section=system`);
  await page.getByText("Edges look, each as its own pulse.yaml and environment say.").waitFor();
  await page.getByText("Quarters of a day").waitFor();
  assert.equal(await page.getByText(/^Made-up estate|^Proxmox VE, every/).count(), 0, "what a core has not");
  await page.goto(`${reader.pulse.url}/?page=settings&section=security`);
  await page.getByText("each core has a log of its own").waitFor();
  assert.deepEqual(reader.complaints, []);
});
