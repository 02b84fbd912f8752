import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { shoot } from "../browser.ts";
import { assertFits, comesTo, eventually, startReader } from "./reader.ts";

const PASSWORD = "correct horse battery";

test("an administrator makes a link for a screen on the wall: it shows how things are without signing in, says loudly when nobody knows, and ends when it is revoked", async () => {
  await using reader = await startReader({ nodes: 8, guests: 120, user: { name: "ann", password: PASSWORD } });
  const { page, pulse } = reader;
  await page.getByLabel("User").fill("ann");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".guests .row.guest").first().waitFor();
  await page.goto(`${pulse.url}/?page=settings&section=security`);
  await page.getByRole("button", { name: "Make a token" }).click();
  const form = page.getByRole("form", { name: "Make a token" });
  await form.getByLabel("What it is for").fill("Screen in the hall");
  await form.getByRole("combobox", { name: "It may" }).selectOption("wall");
  await form.getByRole("button", { name: "Make" }).click();
  await page.getByText("The link for the screen.").waitFor();
  const link = new URL(await page.locator(".notice pre.secret").innerText());
  assert.equal(`${link.origin}${link.pathname}${link.search}`, `${pulse.url}/?page=wall`);
  assert.match(link.hash, /^#kiosk=[0-9a-f]{48}$/);

  const asked: string[] = [];
  const screen = await reader.open("?page=storage", { width: 1920, height: 1080, colorScheme: "dark" });
  screen.on("request", request => asked.push(request.url()));
  screen.on("websocket", socket => asked.push(socket.url()));
  await screen.goto(link.href);
  await screen.reload();
  await screen.locator(".wall-tile").nth(7).waitFor();
  assert.equal(
    asked.filter(url => url.includes(link.hash.slice(7))).length,
    0,
    "the token stands in no address that is asked for",
  );
  await screen.locator(".wall.critical, .wall.warning").waitFor();
  await screen.locator(".wall-incident").first().waitFor();
  await shoot(screen, "wall-dark-1080");
  const tall = await reader.open(`${link.search}${link.hash}`, { width: 1080, height: 1920 });
  await tall.locator(".wall-tile").nth(7).waitFor();
  await shoot(tall, "wall-light-portrait");
  for (const one of [screen, tall]) await assertNothingCut(one);
  await tall.close();

  await pulse.stopServer();
  await screen.getByRole("heading", { name: "Not live" }).waitFor();
  await screen.getByText(/The server cannot be reached. At .* it was: \d+ problems/).waitFor();
  await shoot(screen, "wall-lost");
  await pulse.startServer();
  await screen.locator(".wall:not(.lost)").waitFor();

  await page.reload();
  const tokens = page.getByRole("region", { name: "API tokens" });
  await tokens.getByRole("button", { name: "Revoke" }).click();
  await tokens.getByRole("button", { name: "Revoke" }).click();
  await page.getByText("There is no API token.").waitFor();
  await screen.reload();
  await screen.getByRole("heading", { name: "Not let in" }).waitFor();
  await comesTo(() => screen.locator(".wall-tile").count(), 0);
  assert.deepEqual(reader.complaints, []);
});

/** Nothing scrolls, and no line or tile ends beyond its list. */
async function assertNothingCut(page: Page): Promise<void> {
  await assertFits(page);
  const cut = () =>
    page.evaluate<string[]>(`[...document.querySelectorAll(".wall ul")].flatMap(list => {
      const { bottom, right } = list.getBoundingClientRect();
      return [...list.children].filter(one => {
        const box = one.getBoundingClientRect();
        return box.bottom > bottom + 1 || box.right > right + 1;
      }).map(one => one.textContent);
    })`);
  await eventually(cut, found => assert.deepEqual(found, []));
}
