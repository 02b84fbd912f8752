import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE } from "../../kit/units.ts";
import type { ClusterReport } from "../../model/cluster-report.ts";
import { shoot } from "../browser.ts";
import { assertFits, comesTo, startReader } from "./reader.ts";

const SERVERS = ["nats://nats1:4222", "nats://nats2:4222", "nats://nats3:4222"];

/** What a core would tell at `now`. */
function reportAt(now: number): ClusterReport {
  const core = (name: string, behind: number) => ({
    ...{ name, version: "5.0.0", position: 1_234_567 - behind, behind, skipped: 0 },
    ...{ tells: name === "core-2", alone: false, seen: now - 2000, silentSince: null },
  });
  const edge = (site: string, name: string, holds: string[]) => ({
    ...{ site, name, version: "5.0.0", holds, waiting: { entries: 0, bytes: 0 }, seen: now - 1000, silentSince: null },
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
    nats: { servers: SERVERS, server: "nats2:4222", answers: true, answered: now },
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

test("how several Pulses fare is on a page of its own, which a single one has not", async () => {
  await using reader = await startReader({});
  const { page } = reader;
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Diagnostics" }).waitFor();
  await comesTo(() => page.getByRole("button", { name: "Cluster" }).count(), 0);

  let tell: (now: number) => ClusterReport = reportAt;
  const open = async (look: Parameters<typeof reader.open>[1]) => {
    const several = await reader.open("", look);
    await several.route("**/api/session", async route => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), several: true } });
    });
    await several.route("**/api/cluster", route => route.fulfill({ json: tell(Date.now()) }));
    await several.goto(`${reader.pulse.url}/?page=settings&section=cluster`);
    return several;
  };
  const wide = await open({});
  await wide.getByText("core-2 tells people of alerts, for all.").waitFor();
  await wide.getByRole("row", { name: /core-3.*1,204 entries behind/ }).waitFor();
  await wide.getByRole("row", { name: /south edge-c there .* attic nothing/ }).waitFor();
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
  await phone.getByText("guests.0.cpu: must be a number or null").waitFor();
  await assertFits(phone);
  await shoot(phone, "cluster-phone");
  await phone.close();

  tell = now => {
    const { cores, nats, ...rest } = troubledAt(now);
    return {
      ...rest,
      nats: { ...nats, server: null, answers: false, answered: now - 5 * MINUTE },
      cores: cores.map(core => ({ ...core, tells: false, alone: true })),
    };
  };
  const dark = await open({ colorScheme: "dark" });
  await dark.getByText(/^NATS has not answered since .* nothing can be changed\.$/).waitFor();
  await dark.getByText(/^Each core tells people for itself/).waitFor();
  await shoot(dark, "cluster-alone");
  assert.deepEqual(reader.complaints, []);
});
