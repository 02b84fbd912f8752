import assert from "node:assert/strict";
import { test } from "node:test";
import { shoot } from "../browser.ts";
import { assertFits, comesTo, eventually, namesIn, startReader } from "./reader.ts";

const CLUSTER = "cluster1";

test("the main page shows nodes and guests, and moves with the stream", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  await page.locator(".guests .row.guest").first().waitFor();
  await comesTo(() => page.locator(".nodes .row").count(), 3);
  await eventually(
    () => page.locator(".verdict").innerText(),
    seen => assert.match(seen, /3 nodes · \d+ of \d+ guests running/),
  );
  await page.getByText("Live", { exact: true }).waitFor();
  const state = await pulse.state();
  const guest = state.vms.find(one => one.status === "running" && one.node === "pve1");
  assert.ok(guest);
  const row = page.locator(`[data-row="${guest.id}"]`);
  await pulse.estate.faults.cause({ kind: "guest-cpu", instance: CLUSTER, vmid: guest.vmid, cpu: 0.97 });
  await eventually(
    () => row.locator(".c-cpu").innerText(),
    text => assert.match(text, /^9[67] %/),
  );
  await row.locator(".c-cpu .meter.critical").waitFor();
  await eventually(
    () => row.locator(".c-network").innerText(),
    text => assert.match(text, /B\/s/),
  );
  await shoot(page, "overview-light");
  assert.deepEqual(reader.complaints, []);
});

test("a search finds, says what it does not understand, and lives in the address", async () => {
  await using reader = await startReader();
  const { page } = reader;
  await page.locator(".guests .row.guest").first().waitFor();
  const all = await page.locator("#guests-title + .count").innerText();
  await page.keyboard.press("/");
  await page.keyboard.type("node:pve3 type:lxc");
  await eventually(
    () => page.locator(".guests .row.guest .c-name .icon.kind").count(),
    count => assert.ok(count > 0 && count < 15),
  );
  await comesTo(() => page.locator(".guests .row.group .name").allInnerTexts(), ["pve3"]);
  assert.equal(new URL(page.url()).searchParams.get("q"), "node:pve3 type:lxc");
  await page.reload();
  await eventually(
    () => page.locator(".guests .row.group .name").allInnerTexts(),
    names => assert.deepEqual(names, ["pve3"]),
  );
  await page.getByLabel("Search guests").fill("colour:red");
  await page.getByText('There is no "colour" to search by.').waitFor();
  await comesTo(() => page.locator("#guests-title + .count").innerText(), all);
  await page.getByLabel("Search guests").fill("nobody-is-called-so");
  await page.getByText("No guest is like that").waitFor();
  await page.getByRole("button", { name: /^Show all/ }).click();
  await page.locator(".guests .row.guest").first().waitFor();
  await page.getByRole("button", { name: /^Stopped/ }).click();
  await eventually(
    () => page.locator(".guests .row.guest .c-status").allInnerTexts(),
    words => assert.ok(words.length > 0 && words.every(word => word.startsWith("stopped"))),
  );
  await comesTo(() => page.getByLabel("Search guests").inputValue(), "status:stopped");
  assert.deepEqual(reader.complaints, []);
});

test("guests are sorted by any column, in one list or below their nodes", async () => {
  await using reader = await startReader({ speed: 1 });
  const { page, pulse } = reader;
  await page.locator(".guests .row.guest").first().waitFor();
  await page.getByLabel("Group by").selectOption("none");
  await page
    .getByRole("table", { name: "Guests" })
    .getByRole("columnheader", { name: "Memory" })
    .getByRole("button")
    .click();
  const state = await pulse.state();
  const usage = [...state.vms, ...state.containers]
    .filter(({ template, memory }) => !template && memory)
    .sort((a, b) => (b.memory?.usage ?? 0) - (a.memory?.usage ?? 0));
  await eventually(
    () => namesIn(page),
    names =>
      assert.deepEqual(
        names.slice(0, 3),
        usage.slice(0, 3).map(({ name }) => name),
      ),
  );
  assert.equal(new URL(page.url()).search, "?group=none&sort=-memory");
  await page
    .getByRole("table", { name: "Guests" })
    .getByRole("columnheader", { name: "Guest" })
    .getByRole("button")
    .click();
  await eventually(
    () => namesIn(page),
    names => assert.deepEqual(names, names.toSorted(new Intl.Collator("en", { numeric: true }).compare)),
  );
  await page.getByLabel("Group by").selectOption("node");
  await page.getByRole("button", { name: "Rows of pve1" }).click();
  await eventually(
    () => page.locator(".guests .row.group .name").allInnerTexts(),
    names => assert.deepEqual(names.slice(0, 2), ["pve1", "pve2"]),
  );
  await comesTo(() => page.getByRole("button", { name: "Rows of pve1" }).getAttribute("aria-expanded"), "false");
});

test("everything can be done by keyboard, and the focus comes back", async () => {
  await using reader = await startReader();
  const { page } = reader;
  const rows = page.locator(".guests .row");
  await rows.nth(2).waitFor();
  await page.getByRole("columnheader", { name: "Disk I/O" }).getByRole("button").focus();
  await page.keyboard.press("Tab");
  const focused = () => page.evaluate<string | null>("document.activeElement?.dataset?.row ?? null");
  await comesTo(focused, "group cluster1:node:pve1");
  await page.keyboard.press("ArrowDown");
  await eventually(focused, id => assert.match(id ?? "", /guest/));
  await page.keyboard.press("j");
  const guest = await rows.nth(2).getAttribute("data-row");
  await eventually(focused, id => assert.equal(id, guest));
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary");
  await drawer.waitFor();
  assert.equal(new URL(page.url()).searchParams.get("show"), guest);
  await eventually(
    () => drawer.innerText(),
    seen => assert.match(seen, /VMID/),
  );
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  await eventually(focused, id => assert.equal(id, guest));
  await page.keyboard.press("End");
  await eventually(
    () => page.evaluate<number>("scrollY"),
    y => assert.ok(y > 100),
  );
  await page.keyboard.press("Home");
  await eventually(focused, id => assert.equal(id, "group cluster1:node:pve1"));
  await page.keyboard.press("ArrowLeft");
  await eventually(
    () => page.locator(".guests .row.guest").first().getAttribute("data-row"),
    id => assert.notEqual(id, guest),
  );
  assert.deepEqual(reader.complaints, []);
});

test("details stay open while the guest migrates, and 'back' closes them", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  const state = await pulse.until(({ vms }) => vms.length > 0);
  const guest = state.vms.find(one => one.status === "running" && one.node === "pve1");
  assert.ok(guest);
  await page.locator(`[data-row="${guest.id}"]`).click();
  const drawer = page.getByRole("complementary");
  await drawer.getByText("pve1", { exact: true }).waitFor();
  await pulse.estate.faults.cause({ kind: "guest-migrated", instance: CLUSTER, vmid: guest.vmid, to: "pve3" });
  await drawer.getByText("pve3", { exact: true }).waitFor();
  await page.goBack();
  await drawer.waitFor({ state: "detached" });
});

test("a node that dies is told once, its guests show their last numbers as old", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  await page
    .getByText("All is well")
    .or(page.getByText(/problem/))
    .first()
    .waitFor();
  await pulse.until(state => state.instances.every(({ endpoints }) => endpoints.length === 3));
  await pulse.estate.faults.cause({ kind: "node-off", instance: CLUSTER, node: "pve2" });
  await page.locator(".problem.critical", { hasText: /pve2 is offline, and with it \d+ guests/ }).waitFor();
  await page.locator(".verdict.critical").waitFor();
  await page.locator(".nodes .row.stale", { hasText: "pve2" }).waitFor();
  await page.getByLabel("Search guests").fill("node:pve2");
  await eventually(
    () => page.locator(".guests .row.guest.stale .stale-mark").count(),
    count => assert.ok(count > 5),
  );
  await eventually(
    () => page.locator(".guests .row.guest .name").first().innerText(),
    seen => assert.match(seen, /\w/),
  );
  await page.getByLabel("Search guests").fill("");
  await shoot(page, "node-off");
  await pulse.estate.faults.clear();
  await page.locator(".problem-text", { hasText: /pve2 is offline/ }).waitFor({ state: "detached" });
  assert.deepEqual(reader.complaints, []);
});

test("when the server is away the page says so, keeps what it knew, and is live again by itself", async () => {
  await using reader = await startReader();
  const { page, pulse } = reader;
  await page.locator(".guests .row.guest").first().waitFor();
  const known = await namesIn(page);
  await pulse.stopServer();
  const banner = page.getByRole("alert");
  await banner.getByText(/The server cannot be reached.*What you see is from/).waitFor();
  await page.getByText("Not live").waitFor();
  assert.deepEqual((await namesIn(page)).slice(0, 4), known.slice(0, 4));
  await shoot(page, "server-away");
  await pulse.startServer();
  // It may be live again by itself a moment before.
  const tried = page.getByRole("button", { name: "Try now" }).click();
  await Promise.race([tried, banner.waitFor({ state: "detached" })]);
  tried.catch(() => {});
  await banner.waitFor({ state: "detached" });
  await page.getByText("Live", { exact: true }).waitFor();
  await page.locator(".guests .row.guest").first().waitFor();
  assert.deepEqual(reader.complaints, []);
});

test("who has to sign in is asked to, and told what is wrong", async () => {
  await using reader = await startReader({ user: { name: "ann", password: "correct horse" } });
  const { page } = reader;
  await page.getByLabel("User").fill("ann");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Wrong user or password; 4 attempts remain").waitFor();
  await shoot(page, "sign-in");
  await page.getByLabel("Password").fill("correct horse");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".guests .row.guest").first().waitFor();
  await page.reload();
  await page.locator(".guests .row.guest").first().waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("User").waitFor();
  await comesTo(() => page.locator(".guests").count(), 0, "nothing is left on the page");
  assert.deepEqual(reader.complaints, []);
});

test("a Pulse with nothing to watch says how to begin", async () => {
  await using reader = await startReader({ estate: { seed: "none", clusters: [] } });
  await reader.page.getByRole("heading", { name: "Nothing to watch yet" }).waitFor();
  await reader.page.getByText("pveum user add").waitFor();
  await shoot(reader.page, "nothing-to-watch");
  assert.deepEqual(reader.complaints, []);
});

test("5,000 guests: only those in sight are in the page, and every one can be reached", async () => {
  await using reader = await startReader({ nodes: 50, guests: 5000, speed: 1 });
  const { page } = reader;
  await page.getByText(/of 4,?\d{3} guests running|of 5,?000 guests running/).waitFor();
  await page.getByLabel("Group by").selectOption("none");
  const inPage = () => page.locator(".guests .row").count();
  assert.ok((await inPage()) < 100);
  await page.locator(".guests .row.guest").first().focus();
  await page.keyboard.press("End");
  const last = Number(await page.locator(".guests").getAttribute("aria-rowcount"));
  assert.ok(last > 4800);
  await page.locator(`.guests .row[aria-rowindex="${last}"]`).waitFor();
  assert.ok((await inPage()) < 100);
  await page.getByLabel("Search guests").fill("cpu>50 OR memory>80");
  await eventually(
    () => page.locator("#guests-title + .count").innerText(),
    text => assert.match(text, /^[\d,]+ of [\d,]+$/),
  );
  assert.deepEqual(reader.complaints, []);
});

test("nothing is cut off or wider than the window, from a phone to a wide screen, light and dark", async () => {
  await using reader = await startReader();
  for (const width of [360, 700, 1050, 1440, 2200]) {
    const page = await reader.open("", { width, height: 800 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(".guests .row.guest").first().waitFor();
      await assertFits(page);
      await shoot(page, `overview-${width}-${colorScheme}`);
    }
    await page.locator(".guests .row.guest").first().click();
    await page.getByRole("complementary").waitFor();
    await assertFits(page);
    await page.context().close();
  }
  const ground = (page: typeof reader.page) =>
    page.evaluate<string>("getComputedStyle(document.documentElement).backgroundColor");
  const light = await ground(reader.page);
  await reader.page.getByRole("button", { name: /^Colours/ }).click();
  await reader.page.getByRole("button", { name: /^Colours: light/ }).click();
  await eventually(
    () => ground(reader.page),
    dark => assert.notEqual(dark, light),
  );
  assert.deepEqual(reader.complaints, []);
});
