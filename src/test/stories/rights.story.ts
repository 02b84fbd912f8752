import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { SECOND } from "../../kit/units.ts";
import { shownBy } from "../secured.ts";
import { comesTo, type Reader } from "./reader.ts";
import { goTo, startWithEverything, VIEWS } from "./whole-estate.ts";

const PASSWORD = "correct horse battery";
const ROLES = ["viewer", "operator"] as const;
type Role = (typeof ROLES)[number];

/** Somebody who has signed in, and what the server has refused them. */
interface Person {
  page: Page;
  refused: string[];
}

interface Session {
  id: string;
  user: string;
}

let reader: Reader;
/** Headers of a request. */
let admin: Record<string, string>;
const people = {} as Record<Role, Person>;
before(async () => {
  reader = await startWithEverything();
  admin = await setUpSignIn(reader.pulse.url);
  for (const role of ROLES) people[role] = await signIn(role);
});
after(async () => await reader[Symbol.asyncDispose]());

const DETAILS = [
  { name: "the details of a guest", search: "?show=home:guest:101", shows: ".drawer .facts" },
  { name: "the details of a node", search: "?show=home:node:pve1", shows: ".drawer .facts" },
];
/** What is said in the place of what only administrators may see. */
const CLOSED: Readonly<Record<string, string>> = {
  "alerts, destinations": "Only an administrator can see who is told, and how",
  "alerts, deliveries": "Only an administrator can see who is told, and how",
  "settings, backup": "Only an administrator can see this part of the settings",
  "settings, diagnostics": "Only an administrator can see this part of the settings",
};

for (const role of ROLES)
  for (const { name, search, shows } of [...VIEWS, ...DETAILS])
    test(`${name}: nothing that a person with the role "${role}" sees or presses is refused`, async () => {
      const { page, refused } = people[role];
      const closed = CLOSED[name];
      refused.length = 0;
      await goTo(page, { name, search, shows: closed ? ".state-title" : shows });
      await page.locator(".skeleton").first().waitFor({ state: "detached" });
      if (closed) await comesTo(() => page.locator(".state-title").innerText(), closed);
      await comesTo(() => page.locator(".problem-state").allInnerTexts(), [], "what may be seen can be had");
      const pressed = await page.evaluate<string[]>(PRESS_ALL);
      assert.deepEqual(refused, [], `pressed: ${pressed.join(", ")}`);
    });

test("the palette offers a viewer nothing that only others may do, and leads to nothing that only others may see", async () => {
  const { page } = people.viewer;
  await page.goto(reader.pulse.url);
  await page.locator(".guests .row.guest").first().waitFor();
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Find anything" });
  await field.fill("colours");
  await page.getByRole("option", { name: "Colours: Dark" }).waitFor();
  for (const closed of [
    "Silences and quiet hours",
    "Acknowledge what is open",
    "Destinations",
    "Deliveries",
    "Diagnostics",
  ]) {
    await field.fill(closed);
    await comesTo(() => page.getByRole("option", { name: closed }).count(), 0, closed);
  }
});

test("when a session is ended elsewhere, whatever was open is off the page; who signs in again is where they were", async () => {
  const { page } = people.operator;
  const { url } = reader.pulse;
  const shown = [...VIEWS, ...DETAILS].filter(({ name }) => /groups|security|Storage|guest/i.test(name));
  for (const { name, search, shows } of shown) {
    await page.goto(`${url}/${search}`);
    await page.locator(shows).first().waitFor();
    const sessions = (await (await fetch(`${url}/api/security/sessions`, { headers: admin })).json()) as Session[];
    for (const { id, user } of sessions)
      if (user === "operator") await fetch(`${url}/api/security/sessions/${id}`, { method: "DELETE", headers: admin });
    // Whether who listens still may is asked with every ping.
    await reader.pulse.clock.sleep(30 * SECOND);
    await page.getByText("The session of operator has ended").waitFor();
    await comesTo(() => page.locator(".panel, .row, .drawer").count(), 0, `${name}: nothing is left`);
    await enter(page, "operator");
    await page.locator(shows).first().waitFor();
  }
});

/** Nobody gets in without signing in from now on, and somebody of each role can; answers the headers of an administrator. */
async function setUpSignIn(url: string): Promise<Record<string, string>> {
  const send = (path: string, body: object, headers = {}) =>
    fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const user = { username: "admin", password: PASSWORD };
  assert.equal((await send("/api/security/quick-setup", user)).status, 200);
  const session = shownBy(await send("/api/login", user));
  for (const role of ROLES)
    assert.equal((await send("/api/security/users", { name: role, role, password: PASSWORD }, session)).status, 200);
  return session;
}

async function enter(page: Page, role: Role): Promise<void> {
  await page.getByLabel("User").fill(role);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function signIn(role: Role): Promise<Person> {
  const page = await reader.open();
  await enter(page, role);
  await page.locator(".guests .row.guest").first().waitFor();
  const refused: string[] = [];
  page.on("response", response => {
    const { pathname } = new URL(response.url());
    if (response.status() === 401 || response.status() === 403)
      refused.push(`${response.status()} ${response.request().method()} ${pathname}`);
  });
  page.on("dialog", dialog => void dialog.accept());
  return { page, refused };
}

/**
 * Presses each thing in the content of the page, also what that opens, and answers what they are called; the like of it in other lines is
 * pressed once. Fields of forms are filled in before. What leads to details or other parts of the page is left out, and what only changes
 * what is listed, and how.
 */
const PRESS_ALL = `(async () => {
  let open = 0;
  const { fetch } = window;
  window.fetch = (...asked) => (open++, fetch(...asked).finally(() => open--));
  const place = () => ["page", "tab", "section"].map(name => new URLSearchParams(location.search).get(name) ?? "").join("/");
  const home = place();
  const calm = async () => {
    do await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
    while (open > 0);
  };
  const nameOf = element => {
    const { id, ariaLabel, className } = element.closest("dialog, .drawer, [popover], form, .panel, main");
    const text = element.getAttribute("aria-label") ?? (element.closest("label") ?? element).innerText;
    const beginning = element.matches(".link-line") ? "" : text.replace(/[0-9]+/g, "").trim().split(/[ :]/)[0];
    return [id || ariaLabel || className, element.className.replace(/ (sorted|shown|marked)/g, ""), beginning].join(" / ");
  };
  const pressed = new Set();
  const next = () =>
    [...document.querySelectorAll("main :is(button, summary, input[type=checkbox])")].filter(
      element =>
        !element.disabled &&
        !element.matches(".link, .name, .chip, .fold") &&
        !element.closest(".tabs, .sections, [role=columnheader], .column-picker") &&
        element.checkVisibility({ visibilityProperty: true }) &&
        !pressed.has(nameOf(element)),
    );
  // First what is meant to be pressed: "Save", before what takes everything back.
  const isMain = element => element.matches(".primary");
  for (let all = next(); all.length > 0; all = next()) {
    const element = all.find(isMain) ?? all[0];
    pressed.add(nameOf(element));
    for (const field of element.form?.elements ?? [])
      if (field.value === "" && field.type !== "file") {
        field.value = "1";
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    element.click();
    await calm();
    if (place() === home) continue;
    history.back();
    await new Promise(resolve => addEventListener("popstate", resolve, { once: true }));
    await calm();
  }
  return [...pressed];
})()`;
