import { mkdirSync } from "node:fs";
import { demoEstate } from "../src/simulator/presets.ts";
import { openBrowser } from "../src/test/browser.ts";
import { startPulse } from "../src/test/pulse.ts";

// npm run screenshots: the pictures in docs/images, taken from what `npm run demo` shows.

const FOLDER = "docs/images";
const PICTURES = [
  { name: "overview-light", width: 1280, height: 800, colorScheme: "light", search: "" },
  {
    name: "overview-dark",
    width: 1280,
    height: 800,
    colorScheme: "dark",
    search: "?view=flat&sort=-cpu&q=status:running",
  },
  { name: "overview-phone", width: 360, height: 740, colorScheme: "light", search: "" },
  { name: "alerts", width: 1280, height: 800, colorScheme: "light", search: "?page=alerts" },
] as const;

mkdirSync(FOLDER, { recursive: true });
await using pulse = await startPulse({ estate: demoEstate() });
await using browser = await openBrowser();
// Rates are known once the counters have moved twice.
await pulse.until(({ containers }) => containers.some(({ networkIn }) => networkIn !== null && networkIn > 0));
await pulse.until(({ activeAlerts }) => activeAlerts.length > 3);
for (const { name, width, height, colorScheme, search } of PICTURES) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(`${pulse.url}/${search}`);
  await page.locator(".guests .row.guest, .incident").first().waitFor();
  await page.screenshot({ path: `${FOLDER}/${name}.png`, animations: "disabled" });
  await page.close();
  process.stdout.write(`${FOLDER}/${name}.png\n`);
}
