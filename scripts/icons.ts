import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { openBrowser } from "../src/test/browser.ts";

// node scripts/icons.ts: the pictures that phones and browsers want of Pulse's mark, drawn from src/web/public/pulse.svg. They are kept in the
// repository; run this again when the mark changes.

const PUBLIC = "src/web/public";
const MARK = readFileSync(`${PUBLIC}/pulse.svg`, "utf8");
const GROUND = "#e57000";

/** `share`: how much of the picture's width the mark takes; around it is its ground: systems cut a maskable one to a shape of their own. */
const PICTURES = [
  { name: "icon-192", size: 192, share: 1, ground: "transparent" },
  { name: "icon-512", size: 512, share: 1, ground: "transparent" },
  { name: "maskable-512", size: 512, share: 0.75, ground: GROUND },
  { name: "apple-touch-icon", size: 180, share: 0.85, ground: GROUND },
] as const;

/** In the status bar of a phone only its outline counts. */
const BADGE = MARK.replace(/<rect[^>]*>/, "");

const [WELL, LEVELS] = [GROUND, { warning: "#e0a000", critical: "#c81e1e" }];

mkdirSync(`${PUBLIC}/icons`, { recursive: true });
await using browser = await openBrowser();
for (const { name, size, share, ground } of PICTURES) await draw(name, size, share, ground, MARK);
await draw("badge-96", 96, 1, "transparent", BADGE);
for (const [level, colour] of Object.entries(LEVELS))
  writeFileSync(`${PUBLIC}/icons/mark-${level}.svg`, MARK.replace(`fill="${WELL}"`, `fill="${colour}"`));

async function draw(name: string, size: number, share: number, ground: string, mark: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const side = Math.round(size * share);
  await page.setContent(
    `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${ground}">${mark.replace("<svg ", `<svg width="${side}" height="${side}" `)}`,
  );
  await page.screenshot({ path: `${PUBLIC}/icons/${name}.png`, omitBackground: true });
  await page.close();
  process.stdout.write(`${PUBLIC}/icons/${name}.png\n`);
}
