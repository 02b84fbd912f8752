/**
 * How fast the page is in a real browser, and whether it stays so: the built server as `npm start` runs it, on a simulated cluster of 5,000
 * guests that are looked at every ten seconds. At a desk, and with a telephone, whose processor is a quarter as fast. `npm run bench -- ui 60`
 * watches the stream for an hour; a minute unless told. One line of figures a measurement, each with the machine's load, which wants to be
 * low: the browser, the server and the estate share its processors.
 * - `first`: with nothing cached, from the navigation until the first text, the verdict and the first guest are painted; what that took of
 *   JavaScript and styles, compressed, the longest task, and for how long the main thread was busy, which others on the machine do not change.
 *   In two languages by turns: while the server reads everything for the first time, and a minute later;
 * - `pages`: from a click on a page's name until it is painted, the first time and again;
 * - `search`: from a key until the next frame, as INP counts;
 * - `stream`: tasks of more than 50 ms, and the share of its time that the main thread is busy, on the overview, on each other page, and
 *   while nobody sees the page;
 * - `heap`: what is held after everything else was collected, how much more that gets, and what a page holds that was opened just now: the
 *   picture itself grows as long as the server reads more of the estate;
 * - `leaks`: nodes and listeners before and after details and pages were opened and closed many times; what a round of
 *   that adds to the heap, in the first half and in the second.
 */
import { loadavg } from "node:os";
import type { Browser } from "playwright-core";
import { KIB, MIB, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { State } from "../model/state.ts";
import { openBrowser } from "../test/browser.ts";
import { startEstate, startPulse } from "../test/server-process.ts";
import { CHANGE_PAGE, PAGE_NAMES, turnPages } from "./parts/turn-pages.ts";
import { type Cost, DESK, type Device, PHONE, WatchedPage } from "./parts/watched-page.ts";

const GUESTS = 5000;
const OPENINGS = 5;
const LANGUAGES = ["en", "de"];
/** When the server has read most of the estate. */
const SETTLED = MINUTE;
const ROUNDS = 60;
/** A patch comes every ten seconds. */
const ONE_PATCH = 10.5 * SECOND;
const GOAL = { picture: SECOND, script: 90 * KIB, task: 50, key: 200 };
const minutes = Number(process.argv[2] ?? 1);

await using estate = await startEstate({ clusters: 1, nodes: 50, guests: GUESTS, latency: 0 });
await using pulse = await startPulse(estate);
await allSeen();
await using browser = await openBrowser();
await measureFirst(browser, DESK, "starting");
await pause(SETTLED);
for (const device of [DESK, PHONE]) await measureFirst(browser, device, "settled");
{
  await using desk = await WatchedPage.open(browser, pulse.url, DESK);
  await pause(3 * SECOND);
  await measurePages(desk);
  await measureSearch(desk, DESK);
  await measureStream(browser, desk);
  await measureLeaks(desk);
}
{
  await using phone = await WatchedPage.open(browser, pulse.url, PHONE);
  await pause(3 * SECOND);
  await measureSearch(phone, PHONE);
  say("stream", PHONE.name, await watch(phone, 2 * ONE_PATCH));
}

/** Until the server has seen all guests. */
async function allSeen(): Promise<void> {
  for (;;) {
    const { vms, containers } = (await (await fetch(`${pulse.url}/api/state`)).json()) as State;
    if (vms.length + containers.length >= GUESTS) return;
    await pause(SECOND / 2);
  }
}

interface Opening extends Record<"paint" | "verdict" | "guest" | "task" | "busy", Millis> {
  /** Names and compressed sizes of what was loaded until the first guest was there. */
  files: [name: string, size: number][];
  nodes: number;
  characters: number;
}

/** Each language in its turn: what goes on in the server meanwhile is the same for all. */
async function measureFirst(browser: Browser, device: Device, server: "starting" | "settled"): Promise<void> {
  const openings = LANGUAGES.map((): Opening[] => []);
  for (let time = 0; time < OPENINGS; time++)
    for (const [at, language] of LANGUAGES.entries()) openings[at]?.push(await openFirst(browser, device, language));
  for (const [at, language] of LANGUAGES.entries())
    sayFirst(`${device.name} server=${server} language=${language}`, openings[at] ?? []);
}

async function openFirst(browser: Browser, device: Device, language: string): Promise<Opening> {
  await using page = await WatchedPage.open(browser, pulse.url, device, language);
  const { painted, long, characters } = await page.noted();
  const { guest = Number.NaN, verdict = Number.NaN } = painted;
  const paint = await page.page.evaluate<Millis>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
  const { nodes, busy } = await page.cost();
  const files = await page.page.evaluate<[string, number][]>(
    `performance.getEntriesByType("resource").filter(({ startTime }) => startTime < ${guest})
      .map(({ name, encodedBodySize }) => [name.split("?")[0], encodedBodySize])`,
  );
  return { paint, verdict, guest, task: Math.max(0, ...long), busy: busy * SECOND, files, nodes, characters };
}

function sayFirst(who: string, openings: readonly Opening[]): void {
  const middle = (of: "paint" | "verdict" | "guest" | "task" | "busy") => median(openings.map(opening => opening[of]));
  const { files = [], nodes = 0, characters = 0 } = openings.at(-1) ?? {};
  const sizes = (end: string) => files.flatMap(([name, size]) => (name.endsWith(end) ? [size] : []));
  const script = sum(sizes(".js"));
  const guest = middle("guest");
  say("first", who, [
    `paint=${ms(middle("paint"))} verdict=${ms(middle("verdict"))}`,
    `guests=${ms(guest)} (${goal(guest, GOAL.picture)})`,
    `slowest=${ms(Math.max(...openings.map(opening => opening.guest)))}`,
    `js=${(script / KIB).toFixed(1)}KiB (${goal(script, GOAL.script)}) in ${sizes(".js").length} files`,
    `css=${(sum(sizes(".css")) / KIB).toFixed(1)}KiB snapshot=${(characters / MIB).toFixed(1)}M characters nodes=${nodes}`,
    `longest task=${ms(middle("task"))} busy=${ms(middle("busy"))}`,
  ]);
}

async function measurePages({ page }: WatchedPage): Promise<void> {
  const took: string[] = [];
  const all: Millis[] = [];
  const change = (key: string) => page.evaluate<Millis>(`(${CHANGE_PAGE})(${JSON.stringify(key)})`);
  for (const key of await page.evaluate<string[]>(PAGE_NAMES)) {
    const times: Millis[] = [];
    for (let time = 0; time < 2; time++) {
      times.push(await change(key));
      all.push(await change(""));
    }
    all.push(...times);
    took.push(`${key}=${times.map(time => time.toFixed(0)).join("/")}ms`);
  }
  say("pages", DESK.name, [...took, `slowest=${ms(Math.max(...all))}`]);
}

async function measureSearch(watched: WatchedPage, device: Device): Promise<void> {
  const { page } = watched;
  const field = page.locator("input[type=search]").first();
  await field.click();
  await watched.forget();
  await page.keyboard.type("web cpu>20 node:pve1", { delay: 120 });
  for (let key = 0; key < 20; key++) await page.keyboard.press("Backspace", { delay: 60 });
  await pause(SECOND);
  const { events } = await watched.noted();
  const longest = Math.max(16, ...events);
  say("search", device.name, [
    `keys=40 slower than a frame=${events.length} median of those=${ms(median(events))}`,
    `slowest=${ms(longest)} (${goal(longest, GOAL.key)})`,
  ]);
}

async function measureStream(browser: Browser, desk: WatchedPage): Promise<void> {
  const kept: Cost[] = [await desk.costOfKept()];
  for (let minute = 1; minute <= minutes; minute++) {
    const streamed = await watch(desk, MINUTE);
    const held = await desk.costOfKept();
    kept.push(held);
    say("stream", `${DESK.name} minute=${minute}`, [...streamed, `heap=${mib(held.heap)} nodes=${held.nodes}`]);
  }
  const heaps = kept.map(({ heap }) => heap);
  const [first, last] = [kept[0], kept.at(-1)] as [Cost, Cost];
  const fresh = await costOfFresh(browser);
  say("heap", DESK.name, [
    `first=${mib(first.heap)} last=${mib(last.heap)} opened just now=${mib(fresh.heap)} slope=${(slope(heaps) / KIB).toFixed(1)}KiB/minute`,
    `nodes=${first.nodes}→${last.nodes} listeners=${first.listeners}→${last.listeners}`,
  ]);
  await desk.show(false);
  say("stream", `${DESK.name} hidden`, await watch(desk, 2 * ONE_PATCH));
  await desk.show(true);
  for (const key of await desk.page.evaluate<string[]>(PAGE_NAMES)) {
    await desk.page.evaluate(`(${CHANGE_PAGE})(${JSON.stringify(key)})`);
    await pause(SECOND / 2);
    say("stream", `${DESK.name} page=${key}`, await watch(desk, ONE_PATCH));
  }
  await desk.page.evaluate(`(${CHANGE_PAGE})("")`);
}

/** What a page holds that has been open for no longer than it takes to have shown a patch. */
async function costOfFresh(browser: Browser): Promise<Cost> {
  await using page = await WatchedPage.open(browser, pulse.url, DESK);
  await pause(2 * ONE_PATCH);
  return await page.costOfKept();
}

/** What the stream costs a page within a time. */
async function watch(watched: WatchedPage, time: Millis): Promise<string[]> {
  await watched.forget();
  const before = await watched.cost();
  await pause(time);
  const after = await watched.cost();
  const { long, frames, characters } = await watched.noted();
  const share = (of: "busy" | "script" | "style" | "layout") =>
    `${(((after[of] - before[of]) * SECOND * 100) / time).toFixed(1)}%`;
  const longest = Math.max(0, ...long);
  return [
    `messages=${frames} ${(characters / KIB).toFixed(0)}K characters`,
    `long tasks=${long.length} longest=${long.length > 0 ? ms(longest) : "none"} (${goal(longest, GOAL.task)})`,
    `busy=${share("busy")} script=${share("script")} style=${share("style")} layout=${share("layout")}`,
  ];
}

async function measureLeaks(desk: WatchedPage): Promise<void> {
  // What is made once and kept is there after the first rounds.
  await turnPages(desk.page, ROUNDS / 5);
  const [before, detachedBefore] = [await desk.costOfKept(), await desk.detachedNodes()];
  const from = performance.now();
  const heaps = [before.heap];
  // NOTE: compiled code and what a browser notes of its times grow less and less; a leak grows on.
  for (let half = 0; half < 2; half++) {
    await turnPages(desk.page, ROUNDS / 2);
    heaps.push((await desk.costOfKept()).heap);
  }
  const took = performance.now() - from;
  const [after, detached] = [await desk.costOfKept(), await desk.detachedNodes()];
  const growth = heaps.slice(1).map((heap, at) => (heap - (heaps[at] ?? 0)) / (ROUNDS / 2) / KIB);
  say("leaks", DESK.name, [
    `rounds=${ROUNDS} in ${ms(took)} nodes=${before.nodes}→${after.nodes} detached=${detachedBefore}→${detached}`,
    `listeners=${before.listeners}→${after.listeners} heap=${heaps.map(mib).join("→")}`,
    `a round=${growth.map(bytes => bytes.toFixed(1)).join(", then ")}KiB`,
  ]);
}

function say(what: string, who: string, figures: readonly string[]): void {
  process.stdout.write(
    `ui guests=${GUESTS} ${what} ${who} ${figures.join(" ")} load=${(loadavg()[0] ?? 0).toFixed(1)}\n`,
  );
}

/** "0.62 of the goal"; more than 1 is too much. */
function goal(value: number, most: number): string {
  return `${(value / most).toFixed(2)} of the goal`;
}

/** What a value grows by from one to the next, by least squares. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = sum(values) / values.length;
  const [above, below] = values.reduce(
    ([above, below], value, at) => [above + (at - middle) * (value - mean), below + (at - middle) ** 2],
    [0, 0],
  );
  return above / (below || 1);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ms(time: Millis): string {
  return `${time.toFixed(0)}ms`;
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)}MiB`;
}

function pause(time: Millis): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, time));
}
