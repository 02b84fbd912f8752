import assert from "node:assert/strict";
import { test } from "node:test";
import { TOTP } from "otpauth";
import { shoot } from "../browser.ts";
import { startOidcProvider } from "../oidc-provider.ts";
import { assertFits, startReader } from "./reader.ts";

const PASSWORD = "correct horse battery";

test("a fresh server is set up, guarded by a second factor, and its tokens and sessions are ended, all on the page", async () => {
  await using reader = await startReader({});
  const { page, pulse } = reader;
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Security" }).click();
  await page.getByText("Sign-in is not set up").waitFor();
  const wizard = page.getByRole("form", { name: "Set up sign-in" });
  await wizard.getByLabel("User").fill("ann");
  await wizard.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await wizard.getByLabel("Password again").fill("something else");
  await wizard.getByRole("button", { name: "Set up" }).click();
  await wizard.getByText("The passwords are not alike").waitFor();
  await wizard.getByLabel("Password again").fill(PASSWORD);
  await shoot(page, "security-setup");
  await wizard.getByRole("button", { name: "Set up" }).click();
  await page.getByRole("heading", { name: "Your account: ann" }).waitFor();
  assert.equal((await fetch(`${pulse.url}/api/state`)).status, 401, "closed from now on");

  await page.getByRole("button", { name: "Turn on…" }).click();
  const secret = await page.locator("pre.secret").innerText();
  await page.getByRole("img", { name: "The secret as a QR code" }).waitFor();
  await shoot(page, "security-second-factor");
  const app = new TOTP({ secret });
  const timestamp = () => pulse.clock.now();
  await page.getByLabel("Code", { exact: true }).fill("000000");
  await page.getByRole("button", { name: "Turn on", exact: true }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Code", { exact: true }).fill(app.generate({ timestamp: timestamp() }));
  await page.getByRole("button", { name: "Turn on", exact: true }).click();
  const recovery = (await page.locator(".notice pre.secret").innerText()).split("\n");
  assert.ok(recovery.length >= 8);

  await page.getByRole("button", { name: "Make a token" }).click();
  const form = page.getByRole("form", { name: "Make a token" });
  await form.getByLabel("What it is for").fill("Grafana");
  await form.getByRole("button", { name: "Make" }).click();
  const token = await page.getByText("The new token.").locator("xpath=../..").locator("pre.secret").innerText();
  const asToken = () => fetch(`${pulse.url}/api/state`, { headers: { "x-api-token": token } });
  assert.equal((await asToken()).status, 200);
  await page.locator("#tokens-title").scrollIntoViewIfNeeded();
  await shoot(page, "security-tokens");
  await page.getByRole("region", { name: "API tokens" }).getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("region", { name: "API tokens" }).getByRole("button", { name: "Revoke" }).click();
  await page.getByText("There is no API token.").waitFor();
  const description = await page.getByRole("link", { name: "The API" }).getAttribute("href");
  assert.equal(
    (await fetch(new URL(description ?? "", `${pulse.url}/`))).headers.get("content-type"),
    "text/html; charset=utf-8",
  );
  assert.equal((await asToken()).status, 401);

  const audit = page.getByRole("region", { name: "Audit log" });
  await audit
    .getByRole("row", { name: /API token made/ })
    .first()
    .waitFor();
  await shoot(page, "security-audit");

  const phone = await reader.open("?page=settings&section=security", { width: 360, height: 740, colorScheme: "dark" });
  await phone.getByLabel("User").fill("ann");
  await phone.getByLabel("Password").fill("wrong");
  await phone.getByRole("button", { name: "Sign in" }).click();
  await phone.getByText(/4 attempts remain/).waitFor();
  await phone.getByLabel("Password").fill(PASSWORD);
  await phone.getByRole("button", { name: "Sign in" }).click();
  await phone.getByLabel("Code of your second factor").fill(recovery[0] ?? "");
  await phone.getByRole("button", { name: "Sign in" }).click();
  await phone.getByRole("heading", { name: "Your account: ann" }).waitFor();
  await assertFits(phone);
  await shoot(phone, "security-360");
  const sessions = phone.getByRole("region", { name: "Sessions" });
  await sessions.getByRole("button", { name: "End" }).first().click();
  await sessions.getByRole("button", { name: "End now", exact: true }).first().click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByText("The session of ann has ended").waitFor();
  await shoot(page, "session-ended");
});

test("people sign in at an identity provider that was set up on the page", async () => {
  await using provider = await startOidcProvider("pulse", "provider-secret");
  await using reader = await startReader({ user: { name: "ann", password: PASSWORD } });
  const { page } = reader;
  await page.getByLabel("User").fill("ann");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Security" }).click();
  const panel = page.getByRole("region", { name: "Identity provider" });
  await panel.getByRole("button", { name: "Change" }).click();
  await panel.getByLabel("Let people sign in").check();
  await panel.getByRole("textbox", { name: "Issuer" }).fill(provider.issuer);
  await panel.getByLabel("Client ID").fill("pulse");
  await panel.getByLabel("Client secret").fill("provider-secret");
  await panel.getByLabel("E-mail domains").fill("example.com");
  await shoot(page, "security-oidc");
  await panel.getByRole("button", { name: "Save" }).click();
  await panel.getByText(`People sign in at ${provider.issuer}`).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();

  provider.claims = { preferred_username: "bea", email: "bea@elsewhere.org", email_verified: true };
  await page.route(`${provider.issuer}/authorize**`, route =>
    route.fulfill({ status: 302, headers: { location: provider.consent(route.request().url()) } }),
  );
  const button = page.getByRole("button", { name: "Sign in at your identity provider" });
  await button.click();
  await page.getByRole("alert").waitFor();
  provider.claims = { preferred_username: "bea", email: "bea@example.com", email_verified: true };
  await button.click();
  await page.getByTitle("Signed in as bea").waitFor();
});
