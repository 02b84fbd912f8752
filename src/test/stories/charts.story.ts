import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import { DAY } from "../../kit/units.ts";
import { shoot } from "../browser.ts";
import type { TestPulse } from "../pulse.ts";
import { assertFits, comesTo, eventually, startReader } from "./reader.ts";

/** A guest that runs and has some history. */
async function aGuest(pulse: TestPulse): Promise<{ id: string; name: string }> {
  const { vms } = await pulse.until(state => state.vms.some(({ status, cpu }) => status === "running" && cpu !== null));
  const guest = vms.find(({ status, cpu }) => status === "running" && cpu !== null);
  assert.ok(guest);
  await hasHistory(pulse, guest.id, 12);
  return guest;
}

async function hasHistory(pulse: TestPulse, id: string, points: number): Promise<void> {
  const query = new URLSearchParams({ resource: id, metric: "cpu" });
  const read = async () => {
    const answer = await fetch(`${pulse.url}/api/history?${query}`);
    return answer.ok ? ((await answer.json()) as AnswerOf<Routes["history"]>).points.length : 0;
  };
  await eventually(read, length => assert.ok(length >= points, `${length} points`));
}

test("the details of a guest have charts: another range, the values by keyboard and as a table, zoomed, and growing", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  const guest = await aGuest(pulse);
  await page.locator(`[data-row="${guest.id}"]`).click();
  const drawer = page.getByRole("complementary");
  const cpu = drawer.getByRole("region", { name: "CPU", exact: true });
  await cpu.locator("canvas").waitFor();
  await drawer.getByRole("button", { name: "5m" }).click();
  assert.equal(new URL(page.url()).searchParams.get("range"), "5m");

  await cpu.getByRole("button", { name: "Show as table" }).click();
  const table = cpu.getByRole("table", { name: "CPU" });
  const rows = table.locator("tbody tr");
  await eventually(
    () => rows.count(),
    count => assert.ok(count >= 10, `${count} rows`),
  );
  await eventually(
    () => rows.nth(1).innerText(),
    seen => assert.match(seen, /\d+:\d+.*%.*%.*%/s),
  );
  const newest = await rows.first().locator("th").innerText();
  await eventually(
    () => rows.first().locator("th").innerText(),
    text => assert.notEqual(text, newest),
  );
  await cpu.getByRole("button", { name: "Hide table" }).click();

  const box = cpu.locator(".chart-box");
  await box.focus();
  await page.keyboard.press("End");
  await eventually(
    () => cpu.locator("[aria-live]").innerText(),
    text => assert.match(text, /CPU [\d.]+ %/),
  );
  const last = await cpu.locator("[aria-live]").innerText();
  await eventually(
    async () => {
      // NOTE: what stood at the end goes with it when a point comes just now; one step back from there is where it was.
      await page.keyboard.press("ArrowLeft");
      return cpu.locator("[aria-live]").innerText();
    },
    text => assert.notEqual(text, last),
  );
  await page.mouse.move(0, 0);

  await box.scrollIntoViewIfNeeded();
  const reset = cpu.getByRole("button", { name: "Reset zoom" });
  const place = async () => {
    const found = await box.boundingBox();
    assert.ok(found);
    return found;
  };
  // NOTE: on a busy machine what is above may still make room for itself while the chart is dragged on.
  await eventually(
    async () => {
      if ((await reset.count()) > 0) return 1;
      const { x, y, width } = await place();
      await page.mouse.move(x + width * 0.4, y + 40);
      await page.mouse.down();
      await page.mouse.move(x + width * 0.8, y + 40, { steps: 5 });
      await page.mouse.up();
      return reset.count();
    },
    count => assert.equal(count, 1),
  );
  const { x, y, width } = await place();
  await page.mouse.dblclick(x + width * 0.6, y + 60);
  await reset.waitFor({ state: "detached" });
  await shoot(page, "charts-guest-light");
  await page.reload();
  await comesTo(() => drawer.getByRole("button", { name: "5m" }).getAttribute("aria-pressed"), "true");

  const { storage } = await pulse.state();
  const dark = await reader.open(`?range=5m&show=${encodeURIComponent(guest.id)}`, { colorScheme: "dark" });
  await dark.locator(".chart canvas").first().waitFor();
  await dark.getByRole("region", { name: "Network" }).scrollIntoViewIfNeeded();
  await shoot(dark, "charts-guest-dark");
  const phone = await reader.open(`?page=storage&range=5m&show=${encodeURIComponent(storage[0]?.id ?? "")}`, {
    width: 360,
    height: 740,
  });
  await phone.locator(".chart canvas").first().scrollIntoViewIfNeeded();
  await assertFits(phone);
  await shoot(phone, "charts-storage-360");
  assert.deepEqual(reader.complaints, []);
});

test("what Proxmox remembers from before is hatched on the chart, and told apart in the table and to screen readers", async () => {
  await using reader = await startReader({ remembers: DAY });
  const { pulse } = reader;
  const { nodes } = await pulse.until(state => state.nodes.length > 0);
  const id = nodes[0]?.id ?? "";
  await hasHistory(pulse, id, 12);
  const page = await reader.open(`?range=24h&show=${encodeURIComponent(id)}`);
  const cpu = page.getByRole("complementary").getByRole("region", { name: "CPU", exact: true });
  await eventually(
    async () => {
      await page.reload();
      await cpu.locator("canvas").waitFor();
      return cpu.getByText("from Proxmox").count();
    },
    count => assert.equal(count, 1),
  );
  await cpu.locator(".chart-box").focus();
  await page.keyboard.press("Home");
  await eventually(
    () => cpu.locator("[aria-live]").innerText(),
    text => assert.match(text, /CPU [\d.]+ %.*from Proxmox/),
  );
  await shoot(page, "charts-imported-light");
  await cpu.getByRole("button", { name: "Show as table" }).click();
  const rows = cpu.getByRole("table", { name: "CPU" }).locator("tr");
  await eventually(
    () => rows.first().innerText(),
    seen => assert.match(seen, /From/),
  );
  await eventually(
    () => rows.last().innerText(),
    seen => assert.match(seen, /Proxmox/),
  );
  const dark = await reader.open(`?range=24h&show=${encodeURIComponent(id)}`, { colorScheme: "dark" });
  await dark.getByText("from Proxmox").first().scrollIntoViewIfNeeded();
  await shoot(dark, "charts-imported-dark");
  assert.deepEqual(reader.complaints, []);
});

test("nodes and guests in sight have small lines of the last hour, asked for together, and none where there is no room", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  const guest = await aGuest(pulse);
  const asked: number[] = [];
  page.on("request", request => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === "/api/trends") asked.push((searchParams.get("ids") ?? "").split("\n").length);
  });
  await page.reload();
  const path = page.locator(`[data-row="${guest.id}"] .c-cpu .spark path`);
  await eventually(
    () => path.getAttribute("d"),
    d => assert.match(d ?? "", /^M.*L/),
  );
  const before = await path.getAttribute("d");
  await page.locator(".nodes .c-memory .spark").first().waitFor();
  assert.ok(asked.length <= 3 && (asked[0] ?? 0) > 10, `asked for ${asked.join()}`);
  await eventually(
    () => path.getAttribute("d"),
    d => assert.notEqual(d, before),
  );
  await shoot(page, "trends-light");
  await page.getByRole("button", { name: "Last hour" }).click();
  await path.waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).searchParams.get("trends"), "off");
  const { lastUpdate } = await pulse.state();
  await pulse.until(state => state.lastUpdate !== lastUpdate);
  await page.getByRole("button", { name: "Last hour" }).click();
  await eventually(
    () => path.getAttribute("d"),
    d => assert.match(d ?? "", /^M/),
  );
  const phone = await reader.open("", { width: 360, height: 740 });
  await phone.locator(".guests .row.guest").first().waitFor();
  await comesTo(() => phone.locator(".spark").count(), 0);
  await assertFits(phone);
  assert.deepEqual(reader.complaints, []);
});

test("guests are compared: those that a search found, lines switched off, picked, sorted, all of it in the address", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  await aGuest(pulse);
  await page.getByLabel("Search guests").fill("node:pve1 status:running");
  await page.getByRole("button", { name: "Compare these" }).click();
  assert.equal(new URL(page.url()).searchParams.get("page"), "compare");
  assert.equal(new URL(page.url()).searchParams.get("q"), "node:pve1 status:running");
  await page.locator(".chart canvas").waitFor();
  await page.getByRole("button", { name: "5m" }).click();
  const rows = page.locator(".data .row");
  const legend = page.locator(".compare-legend .chip");
  const { vms, containers } = await pulse.state();
  const expected = [...vms, ...containers].filter(
    ({ node, status, template }) => node === "pve1" && status === "running" && !template,
  );
  await eventually(
    () => legend.count(),
    lines => assert.equal(lines, Math.min(12, expected.length)),
  );
  const means = async () => (await rows.locator(".c-mean").allInnerTexts()).map(text => Number.parseFloat(text));
  await eventually(means, values => {
    assert.ok(values.length > 2 && values.every(value => !Number.isNaN(value)), values.join());
  });
  await page.getByRole("columnheader", { name: "Guest" }).getByRole("button").click();
  assert.equal(new URL(page.url()).searchParams.get("compared-sort"), "name");
  await eventually(
    () => rows.locator(".name").allInnerTexts(),
    names => assert.deepEqual(names, names.toSorted(new Intl.Collator("en", { numeric: true }).compare)),
  );

  await legend.first().click();
  await comesTo(() => legend.first().getAttribute("aria-pressed"), "false");
  const lines = await legend.count();
  await page.getByRole("button", { name: "Show as table" }).click();
  await eventually(
    () => page.locator(".chart-table thead th").count(),
    heads => assert.equal(heads, lines),
  );
  await page.getByRole("button", { name: "Hide table" }).click();
  await page.getByLabel("Metric").selectOption("memory");
  await page.locator(".chart-box").hover();
  await legend.nth(1).locator("b").waitFor();
  await shoot(page, "compare-light");
  const address = new URL(page.url());
  assert.equal(address.searchParams.get("metric"), "memory");
  const dark = await reader.open(`${address.search}`, { colorScheme: "dark" });
  await dark.locator(".chart canvas").waitFor();
  await eventually(
    () => dark.locator(".compare-legend [aria-pressed=false]").count(),
    off => assert.equal(off, 1),
  );
  await shoot(dark, "compare-dark");

  const [one, two] = expected;
  assert.ok(one && two);
  await page.getByLabel("Search guests to compare").fill("");
  for (const { name, vmid, instance } of [one, two])
    await page.getByLabel("Pick a guest").fill(`${name} (${vmid}, ${instance})`);
  await eventually(
    () => legend.count(),
    picked => assert.equal(picked, 2),
  );
  assert.equal(new URL(page.url()).searchParams.get("pick"), `${one.id}\n${two.id}`);
  await page.getByRole("button", { name: `Leave out ${one.name}` }).click();
  await eventually(
    () => legend.count(),
    picked => assert.equal(picked, 1),
  );
  const phone = await reader.open(address.search, { width: 360, height: 740 });
  await phone.locator(".chart canvas").waitFor();
  await assertFits(phone);
  await shoot(phone, "compare-360");
  assert.deepEqual(reader.complaints, []);
});
