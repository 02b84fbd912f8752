import { mkdirSync } from "node:fs";
import { demoEstate } from "../src/simulator/presets.ts";
import { openBrowser } from "../src/test/browser.ts";
import { startPulse } from "../src/test/pulse.ts";

// npm run screenshots: the pictures in docs/images, taken from what `npm run demo` shows.

const FOLDER = "docs/images";
/** The guest whose past is shown. */
const REMEMBERED = "home:guest:101";
const PICTURES = [
  { name: "overview-light", width: 1280, height: 800, colorScheme: "light", search: "" },
  {
    name: "overview-dark",
    width: 1280,
    height: 800,
    colorScheme: "dark",
    search: "?group=none&sort=-cpu&q=status:running",
  },
  { name: "overview-phone", width: 360, height: 740, colorScheme: "light", search: "" },
  { name: "alerts", width: 1280, height: 800, colorScheme: "light", search: "?page=alerts" },
  { name: "guest", width: 1280, height: 800, colorScheme: "light", search: `?show=${REMEMBERED}&range=24h` },
  { name: "backups", width: 1280, height: 800, colorScheme: "dark", search: "?page=backups" },
] as const;

mkdirSync(FOLDER, { recursive: true });
await using pulse = await startPulse({ estate: demoEstate(), remembers: Infinity });
await using browser = await openBrowser();
// Rates are known once the counters have moved twice.
await pulse.until(({ containers }) => containers.some(({ networkIn }) => networkIn !== null && networkIn > 0));
await pulse.until(({ activeAlerts }) => activeAlerts.length > 3);
await pastIsThere();
for (const { name, width, height, colorScheme, search } of PICTURES) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(`${pulse.url}/${search}`);
  await page.locator(".guests .row.guest, .incident, #days-title").first().waitFor();
  if (search.includes("show=")) await page.locator(".drawer .chart canvas").nth(2).scrollIntoViewIfNeeded();
  await page.screenshot({ path: `${FOLDER}/${name}.png`, animations: "disabled" });
  await page.close();
  process.stdout.write(`${FOLDER}/${name}.png\n`);
}

/** Waits until what Proxmox remembers of the guest is there. */
async function pastIsThere(): Promise<void> {
  for (const deadline = Date.now() + 600_000; Date.now() < deadline; ) {
    const from = new Date(pulse.clock.now() - 86_400_000).toISOString();
    const answer = await fetch(`${pulse.url}/api/history?resource=${REMEMBERED}&metric=cpu&from=${from}&unknown=empty`);
    const { points } = (await answer.json()) as { points: unknown[] };
    if (points.length > 40) return;
    await new Promise(resolve => setTimeout(resolve, 500));
  }
  throw new Error(`Nothing was remembered of "${REMEMBERED}" after ten minutes`);
}
