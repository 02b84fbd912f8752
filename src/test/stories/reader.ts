import assert from "node:assert/strict";
import { after } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { openBrowser } from "../browser.ts";
import { type PulseOptions, startPulse, type TestPulse } from "../pulse.ts";

/** A busy machine takes its time; who passes does not wait for it. */
const PATIENCE = 60_000;

export interface Reader extends AsyncDisposable {
  pulse: TestPulse;
  browser: Browser;
  page: Page;
  /** What the browser complained of so far: errors on the page, refused by the Content-Security-Policy and the like. */
  complaints: string[];
  /** Opens another page of the same width or another one; its complaints count too. */
  open(search?: string, look?: Look): Promise<Page>;
}

export interface Look {
  width?: number;
  height?: number;
  colorScheme?: "light" | "dark";
  /** What the browser asks for; English unless given. */
  locale?: string;
  /** The page's service worker may run. */
  worker?: true;
  /** It is a phone: without a mouse. */
  touch?: true;
}

/** All readers of a file have one browser, each page with a profile of its own. */
let browserOfFile: Promise<Browser> | undefined;
after(async () => await (await browserOfFile)?.close());

/** Somebody who opens a Pulse in a browser. */
export async function startReader(options: PulseOptions = {}): Promise<Reader> {
  await using stack = new AsyncDisposableStack();
  const pulse = stack.use(await startPulse(options));
  browserOfFile ??= openBrowser();
  const browser = await browserOfFile;
  const profiles: BrowserContext[] = [];
  stack.defer(async () => void (await Promise.all(profiles.map(profile => profile.close()))));
  const complaints: string[] = [];
  const open = async (search = "", look: Look = {}) => {
    const { width = 1440, height = 900, colorScheme = "light", locale = "en-US" } = look;
    const serviceWorkers = look.worker ? "allow" : "block";
    const hand = look.touch ? { isMobile: true, hasTouch: true } : {};
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, locale, serviceWorkers, ...hand });
    profiles.push(page.context());
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", error => complaints.push(String(error)));
    page.on("console", message => {
      // A line that breaks is part of some stories; the browser reports it as an error of its own.
      if (
        message.type() === "error" &&
        !/ERR_CONNECTION|ERR_SOCKET_NOT_CONNECTED|ERR_EMPTY_RESPONSE|WebSocket connection|status of 40[13]/.test(
          message.text(),
        )
      )
        complaints.push(message.text());
    });
    await page.goto(`${pulse.url}/${search}`);
    return page;
  };
  const page = await open();
  const resources = stack.move();
  return { pulse, browser, page, complaints, open, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** Lets the simulated Docker hosts report to `pulse`, with a token of their own. */
export async function letDockerReport(pulse: Reader["pulse"]): Promise<void> {
  const made = await fetch(`${pulse.url}/api/security/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "agents", scopes: ["agent"] }),
  });
  const { token } = (await made.json()) as { token: string };
  pulse.estate.docker.reportTo({ url: pulse.url, token });
}

/** Waits until what `read` gives passes `check`; fails with the last complaint of `check` after two minutes. */
export async function eventually<T>(read: () => Promise<T>, check: (value: T) => void): Promise<void> {
  const deadline = Date.now() + 2 * PATIENCE;
  for (;;) {
    const value = await read();
    try {
      return check(value);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Waits until what `read` gives equals `expected`; fails with how it differs. */
export function comesTo<T>(read: () => Promise<T>, expected: T, message?: string): Promise<void> {
  return eventually(read, value => assert.deepEqual(value, expected, message));
}

/** The names in the guest table, from top to bottom, as far as they are in the page. */
export async function namesIn(page: Page): Promise<string[]> {
  const rows = await page.locator(".guests .row.guest").evaluateAll(elements =>
    elements
      .map(element => ({
        top: element.getBoundingClientRect().top,
        name: element.querySelector(".name")?.textContent ?? "",
      }))
      .sort((a, b) => a.top - b.top)
      .map(({ name }) => name),
  );
  return rows;
}

/** No page may be wider than its window. */
export async function assertFits(page: Page): Promise<void> {
  const widths = () =>
    page.evaluate<[number, number]>("[document.documentElement.scrollWidth, document.documentElement.clientWidth]");
  // A window that has just become narrower is laid out a moment later.
  await eventually(widths, ([wide, has]) =>
    assert.ok(wide <= has, `the page is ${wide} px wide in a window of ${has}`),
  );
}
