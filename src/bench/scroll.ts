/**
 * How smoothly the guest table scrolls in a real browser while its numbers move: frames drawn in the middle of live patches.
 * One line a case: rows in the page, median, 95th percentile and longest time between two frames, the share of a core that JavaScript took,
 * and the page's heap.
 */
import type { CDPSession } from "playwright-core";
import { MIB } from "../kit/units.ts";
import { openBrowser } from "../test/browser.ts";
import { startEstate, startPulse } from "../test/server-process.ts";

const CASES = [
  { nodes: 10, guests: 500 },
  { nodes: 50, guests: 5000 },
] as const;
/** Long enough for two patches to come by. */
const FRAMES = 1500;

interface Drawn {
  gaps: number[];
  rows: number;
  heap: number;
}

/** Runs in the page: scrolls down and up again, a screen and a half a second, and notes when frames were drawn. */
const SCROLL = `new Promise(resolve => {
  const gaps = [];
  let last = performance.now();
  let step = 24;
  const frame = now => {
    gaps.push(now - last);
    last = now;
    if (scrollY + innerHeight >= document.documentElement.scrollHeight - 1) step = -24;
    if (scrollY <= 0) step = 24;
    scrollBy(0, step);
    if (gaps.length < ${FRAMES}) return requestAnimationFrame(frame);
    resolve({
      gaps: gaps.slice(5),
      rows: document.querySelectorAll(".guests .row").length,
      heap: performance.memory?.usedJSHeapSize ?? 0,
    });
  };
  requestAnimationFrame(frame);
})`;

async function measure(options: (typeof CASES)[number]): Promise<string> {
  await using estate = await startEstate({ ...options, clusters: 1 });
  await using pulse = await startPulse(estate);
  await using browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${pulse.url}/?group=none&sort=-cpu`);
  await page.locator(".guests .row.guest").first().waitFor({ timeout: 30_000 });
  await page.evaluate("new Promise(resolve => setTimeout(resolve, 12_000))");
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const before = await scriptTime(session);
  const drawn = await page.evaluate<Drawn>(SCROLL);
  const seconds = drawn.gaps.reduce((sum, gap) => sum + gap, 0) / 1000;
  const script = (await scriptTime(session)) - before;
  const sorted = drawn.gaps.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
  return [
    `scroll nodes=${options.nodes} guests=${options.guests}`,
    `rows=${drawn.rows}`,
    `frame=${at(0.5)}/${at(0.95)}/${at(1)}ms (median/95%/longest)`,
    `script=${((script / seconds) * 100).toFixed(1)}%`,
    `heap=${Math.round(drawn.heap / MIB)}MiB`,
  ].join(" ");
}

/** Seconds of JavaScript that the page has run since it was opened. */
async function scriptTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ScriptDuration")?.value ?? 0;
}

for (const options of CASES) process.stdout.write(`${await measure(options)}\n`);
