import assert from "node:assert/strict";
import { test } from "node:test";
import { shoot } from "../browser.ts";
import { assertFits, comesTo, eventually, startReader } from "./reader.ts";

test("a few letters find anything and lead there, or do it; a question mark shows all keys; a phone has a button for it", async () => {
  await using reader = await startReader({ nodes: 3, guests: 30 });
  const { page, pulse } = reader;
  await page.locator(".guests .row.guest").first().waitFor();
  const { vms, storage } = await pulse.state();
  const [guest] = vms;
  const [store] = storage;
  assert.ok(guest && store);
  const field = page.getByRole("combobox", { name: "Find anything" });
  const chosen = () => page.locator('[role="option"][aria-selected="true"]').innerText();

  await page.getByLabel("Search guests").focus();
  await page.keyboard.press("Control+k");
  await field.waitFor();
  await page.keyboard.type(String(guest.vmid));
  await eventually(chosen, text =>
    assert.match(text, new RegExp(`^${guest.name}\\s+VM ${guest.vmid} · ${guest.node}$`)),
  );
  const named = await field.getAttribute("aria-activedescendant");
  await comesTo(() => page.locator(`[id="${named}"]`).getAttribute("aria-selected"), "true");
  await shoot(page, "palette-light");
  await page.keyboard.press("Escape");
  await field.waitFor({ state: "detached" });
  await comesTo(() => page.evaluate("document.activeElement.getAttribute('aria-label')"), "Search guests");

  await page.keyboard.press("Control+k");
  await field.waitFor();
  await page.keyboard.type(String(guest.vmid));
  await page.keyboard.press("Enter");
  await page.getByRole("complementary").getByRole("heading", { name: guest.name }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("show"), guest.id);

  await page.keyboard.press("Control+k");
  await field.waitFor();
  await page.keyboard.type("handbook");
  const [docs] = await Promise.all([page.waitForEvent("popup"), page.keyboard.press("Enter")]);
  await docs.getByRole("heading", { level: 1, name: "Documentation" }).waitFor();
  await docs.close();
  await field.waitFor({ state: "detached" });

  await page.keyboard.press("Control+k");
  await field.waitFor();
  await page.keyboard.type(`${store.name} storage`);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "ZFS pools" }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("page"), "storage");
  await page.goBack();
  await page.getByRole("complementary").getByRole("heading", { name: guest.name }).waitFor();

  await page.keyboard.press("Control+k");
  await field.waitFor();
  await page.keyboard.type("acknow");
  await eventually(chosen, text => assert.match(text, /^Acknowledge what is open/));
  await page.keyboard.press("Enter");
  await page.getByText(/alerts? acknowledged$/).waitFor();
  await eventually(
    () => pulse.state(),
    ({ activeAlerts }) => assert.ok(activeAlerts.some(({ acknowledged }) => acknowledged)),
  );
  await page.keyboard.press("Escape");
  await field.waitFor({ state: "detached" });

  // What was chosen stands first the next time.
  await page.keyboard.press("Control+k");
  await eventually(chosen, text => assert.ok(text.startsWith("Acknowledge") || text.startsWith(store.name), text));
  await field.fill("zzzz");
  await page.getByText('Nothing is called like "zzzz".').waitFor();
  await field.fill("colours dark");
  await page.keyboard.press("Enter");
  await page.locator(':root[data-theme="dark"]').waitFor({ state: "attached" });
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).getByText("Find anything, and do it").waitFor();
  await shoot(page, "keys-dark");
  await page.keyboard.press("Escape");

  const phone = await reader.open("", { width: 360, height: 740 });
  await phone.getByRole("button", { name: "Find anything" }).click();
  await phone.getByRole("combobox", { name: "Find anything" }).waitFor();
  await phone.keyboard.type("diagn");
  await phone.getByRole("option", { name: "Settings: Diagnostics" }).click();
  await phone.getByRole("heading", { name: "Diagnostics" }).waitFor();
  await phone.getByRole("button", { name: "More" }).click();
  const sheet = phone.getByRole("dialog", { name: "All pages" });
  await sheet.getByRole("link", { name: "Compare" }).waitFor();
  await shoot(phone, "more-360");
  await phone.keyboard.press("Escape");
  await comesTo(() => phone.evaluate("document.activeElement.textContent"), "More", "the focus is where it was");
  await phone.getByRole("button", { name: "More" }).click();
  await sheet.getByRole("link", { name: "Security" }).click();
  await phone.getByText("Sign-in is not set up").waitFor();
  await phone.getByRole("link", { name: "Storage" }).click();
  await phone.getByRole("heading", { name: "Storages" }).waitFor();
  await eventually(
    () => phone.title(),
    title => assert.match(title, /^(\(\d+\) )?Storage · Pulse$/),
  );
  const small = await phone.evaluate<string[]>(`[...document.querySelectorAll(".pages a, .pages button, .top button")]
    .map(one => [one.textContent, one.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 0 && (width < 44 || height < 44))
    .map(([text, { width, height }]) => text + " " + width + "x" + height)`);
  assert.deepEqual(small, [], "what a thumb aims at is large enough");
  await assertFits(phone);
  assert.deepEqual(reader.complaints, []);
});

test("what comes only when the palette is open already is found in it", async () => {
  await using reader = await startReader({ nodes: 1, guests: 3 });
  const { page, pulse } = reader;
  const [guest] = (await pulse.state()).vms;
  assert.ok(guest);
  const { promise: mayCome, resolve: letCome } = Promise.withResolvers<void>();
  await page.routeWebSocket(/./, socket => {
    const server = socket.connectToServer();
    server.onMessage(message => void mayCome.then(() => socket.send(message)));
  });
  await page.goto(pulse.url);
  const field = page.getByRole("combobox", { name: "Find anything" });
  await eventually(
    async () => {
      await page.keyboard.press("Control+k");
      return field.isVisible();
    },
    isOpen => assert.ok(isOpen),
  );
  await field.fill(guest.name);
  await page.getByText(/^Nothing is called like/).waitFor();
  letCome();
  await page
    .getByRole("option", { name: new RegExp(`^${guest.name}`) })
    .first()
    .waitFor();
  assert.deepEqual(reader.complaints, []);
});
