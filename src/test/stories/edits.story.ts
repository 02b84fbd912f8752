import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Dialog, Page } from "playwright-core";
import { DAY } from "../../kit/units.ts";
import { shoot } from "../browser.ts";
import { startOidcProvider } from "../oidc-provider.ts";
import { shownBy } from "../secured.ts";
import { eventually, type Reader, startReader } from "./reader.ts";

const PASSWORD = "correct horse battery";
const URL_OF_PAGE = "https://cloud.example.com/typed";

let reader: Reader;
let page: Page;
/** Of a request that an administrator makes elsewhere. */
let admin: Record<string, string>;
let guest: { id: string; name: string };
before(async () => {
  reader = await startReader({ nodes: 2, guests: 6, user: { name: "ann", password: PASSWORD } });
  const { pulse } = reader;
  page = reader.page;
  page.setDefaultTimeout(60_000);
  page.on("dialog", dialog => {
    if (dialog.type() === "beforeunload") void dialog.accept();
  });
  await signInElsewhere();
  assert.equal(
    (await send("POST", "/api/security/users", { name: "bea", role: "admin", password: PASSWORD })).status,
    200,
  );
  const { vms } = await pulse.untilSo(
    async () => (await (await fetch(`${pulse.url}/api/state`, { headers: admin })).json()) as { vms: (typeof guest)[] },
    ({ vms }) => vms.length > 0,
  );
  assert.ok(vms[0]);
  guest = vms[0];
  await signIn("ann");
});
after(async () => await reader[Symbol.asyncDispose]());

function send(method: string, path: string, body?: object, headers = admin): Promise<Response> {
  return fetch(`${reader.pulse.url}${path}`, {
    method,
    headers: { ...headers, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

async function signInElsewhere(): Promise<void> {
  admin = shownBy(await send("POST", "/api/login", { username: "ann", password: PASSWORD }, {}));
}

const card = () => page.locator(".sign-in");

async function signIn(name: string): Promise<void> {
  await card().getByLabel("User").fill(name);
  await card().getByLabel("Password").fill(PASSWORD);
  await card().getByRole("button", { name: "Sign in", exact: true }).click();
  await card().waitFor({ state: "detached" });
}

const again = () => page.getByRole("dialog", { name: "Sign in" });
const link = () => page.getByLabel("Its own page");

/** Opens the form of a guest's links beside the page, and types into it. */
async function typeLink(): Promise<void> {
  await page.goto(reader.pulse.url);
  await page.locator(`[data-row="${guest.id}"]`).click();
  await page
    .locator(".drawer")
    .getByRole("button", { name: /links? (and|or)/ })
    .click();
  await link().fill(URL_OF_PAGE);
}

/** Ends every session but that of the administrator elsewhere, as another administrator does. */
async function endSessions(): Promise<void> {
  const sessions = (await (await send("GET", "/api/security/sessions")).json()) as { id: string; current: boolean }[];
  for (const { id, current } of sessions) if (!current) await send("DELETE", `/api/security/sessions/${id}`);
}

type Ending = readonly [name: string, end: () => Promise<void>];
const ENDINGS: readonly Ending[] = [
  ["somebody ended it", endSessions],
  [
    "the browser has lost it, and it is noticed by saving",
    async () => {
      await page.context().clearCookies();
      await page.getByRole("button", { name: "Save", exact: true }).click();
    },
  ],
  [
    "its day is over by the clock of the server",
    async () => {
      reader.pulse.jump(DAY);
      await signInElsewhere();
    },
  ],
  [
    "another tab signed out",
    async () => {
      await page.evaluate(
        `fetch("api/logout", { method: "POST", headers: { "x-csrf-token": /pulse_csrf=([^;]*)/.exec(document.cookie)[1] } })`,
      );
    },
  ],
];
for (const [name, end] of ENDINGS)
  test(`when a session ends (${name}), who signs in again goes on with what they had typed`, async () => {
    await typeLink();
    await end();
    await again().getByText("The session of ann has ended").waitFor();
    assert.equal(await card().getByLabel("User").inputValue(), "ann");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    assert.equal(await page.getByRole("dialog").count(), 1, "nothing leads past it");
    await shoot(page, "edits-signed-out");
    await card().getByLabel("Password").fill("wrong");
    await card().getByRole("button", { name: "Sign in", exact: true }).click();
    await again()
      .getByText(/attempts remain/)
      .waitFor();
    await signIn("ann");
    assert.equal(await link().inputValue(), URL_OF_PAGE);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("link", { name: "Open its page" }).waitFor();
    const known = (await (await send("GET", `/api/guests/metadata/${encodeURIComponent(guest.id)}`)).json()) as {
      customUrl: string;
    };
    assert.equal(known.customUrl, URL_OF_PAGE);
    await send("PUT", `/api/guests/metadata/${encodeURIComponent(guest.id)}`, { customUrl: null });
  });

test("a session that ends leaves what was typed into settings of the server, of an instance, of a channel and of thresholds", async () => {
  const { pulse } = reader;
  const forms: readonly [search: string, type: (page: Page) => Promise<void>, is: (page: Page) => Promise<string>][] = [
    [
      "?page=settings&section=system",
      page => page.getByLabel("A call may take (seconds)").fill("17"),
      page => page.getByLabel("A call may take (seconds)").inputValue(),
    ],
    [
      "?page=settings",
      async page => {
        await page.getByRole("button", { name: "Add an instance" }).click();
        await page.getByRole("textbox", { name: "Address" }).fill("17");
      },
      page => page.getByRole("textbox", { name: "Address" }).inputValue(),
    ],
    [
      "?page=alerts&tab=destinations",
      async page => {
        await page.getByRole("button", { name: "Add a webhook" }).click();
        await page.getByRole("form", { name: "Add a webhook" }).getByLabel("Name").fill("17");
      },
      page => page.getByRole("form", { name: "Add a webhook" }).getByLabel("Name").inputValue(),
    ],
    [
      "?page=alerts&tab=thresholds&section=general",
      page => page.getByRole("textbox").or(page.getByRole("spinbutton")).first().fill("17"),
      page => page.getByRole("textbox").or(page.getByRole("spinbutton")).first().inputValue(),
    ],
  ];
  for (const [search, type, is] of forms) {
    await page.goto(`${pulse.url}/${search}`);
    await type(page);
    await endSessions();
    await again().waitFor();
    await signIn("ann");
    assert.equal(await is(page), "17", search);
  }
});

test("who comes from an identity provider signs in there again, in a tab of its own, and goes on with what they had typed", async () => {
  await using provider = await startOidcProvider("pulse", "provider-secret");
  provider.claims = { preferred_username: "cid" };
  const oidc = { enabled: true, issuerUrl: provider.issuer, clientId: "pulse", clientSecret: "provider-secret" };
  assert.equal((await send("PUT", "/api/security/oidc", { ...oidc, defaultRole: "operator" })).status, 200);
  await page
    .context()
    .route(`${provider.issuer}/authorize**`, route =>
      route.fulfill({ status: 302, headers: { location: provider.consent(route.request().url()) } }),
    );
  // Away from what the story before has typed.
  await page.goto(reader.pulse.url);
  await page.getByTitle("Signed in as ann").waitFor();
  await signOut();
  const way = () => card().getByRole("button", { name: "Sign in at your identity provider" });
  await way().click();
  await page.getByTitle("Signed in as cid").waitFor();
  await typeLink();
  await endSessions();
  await again().getByText("The session of cid has ended").waitFor();
  await shoot(page, "edits-oidc");
  const [tab] = await Promise.all([page.waitForEvent("popup"), way().click()]);
  await tab.getByTitle("Signed in as cid").waitFor();
  await tab.close();
  await page.bringToFront();
  await page.evaluate(`document.dispatchEvent(new Event("visibilitychange"))`);
  await again().waitFor({ state: "detached" });
  assert.equal(await link().inputValue(), URL_OF_PAGE);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("link", { name: "Open its page" }).waitFor();
  await send("PUT", `/api/guests/metadata/${encodeURIComponent(guest.id)}`, { customUrl: null });
  await signOut();
  await signIn("ann");
});

test("somebody else who signs in finds nothing of what was typed before them", async () => {
  await typeLink();
  await endSessions();
  await again().waitFor();
  await signIn("bea");
  await page.getByTitle("Signed in as bea").waitFor();
  await page.locator(".drawer .facts").first().waitFor();
  assert.equal(await link().count(), 0);
  await signOut();
  await signIn("ann");
});

async function signOut(): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Find anything" }).fill("sign out");
  await page.keyboard.press("Enter");
}

/** What was asked, each time; `answers`: whether to leave all the same. */
async function asked(answers: boolean, does: () => Promise<unknown>): Promise<string[]> {
  const questions: string[] = [];
  const answer = (dialog: Dialog) => {
    if (dialog.type() !== "confirm") return;
    questions.push(dialog.message());
    void (answers ? dialog.accept() : dialog.dismiss());
  };
  page.on("dialog", answer);
  await does();
  await eventually(
    async () => questions.length,
    count => assert.ok(count > 0),
  );
  page.off("dialog", answer);
  return questions;
}

const QUESTION = "There are changes that are not saved. Leave, and lose them?";
/** What leads away from a form beside the page. */
const WAYS: readonly (readonly [name: string, go: () => Promise<unknown>])[] = [
  ["Escape in the form", () => link().press("Escape")],
  [
    "Escape beside it",
    async () => {
      await page.locator("#drawer-title").focus();
      await page.keyboard.press("Escape");
    },
  ],
  ["closing the details", () => page.getByRole("button", { name: "Close details" }).click()],
  ["another page", () => page.getByRole("link", { name: "Storage", exact: true }).first().click()],
  ["back in the browser's history", () => page.evaluate("history.back()")],
  ["signing out", signOut],
];
for (const [name, go] of WAYS)
  test(`an edit is lost by nothing without asking: ${name}`, async () => {
    await typeLink();
    const at = page.url();
    assert.deepEqual(await asked(false, go), [QUESTION]);
    assert.equal(await link().inputValue(), URL_OF_PAGE);
    assert.equal(page.url(), at);
    assert.deepEqual(await asked(true, go), [QUESTION]);
    await link().waitFor({ state: "detached" });
    if (name === "signing out") await signIn("ann");
  });
