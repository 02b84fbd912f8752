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

/** In the tab of a browser: told apart by a dot, too, and not by colour alone. */
const LEVELS = {
  warning: { ground: GROUND, dot: '<circle cx="24" cy="24" r="7" fill="#ffd02e" stroke="#5c3b00" stroke-width="2"/>' },
  critical: {
    ground: "#b91c1c",
    dot: '<path d="M16 15h15v16H16z" fill="#fff"/><path d="M23.5 17.5v6.5M23.5 27.5v.5" stroke="#b91c1c" stroke-width="4" stroke-linecap="round"/>',
  },
  lost: { ground: "#6b7280", dot: "" },
};

mkdirSync(`${PUBLIC}/icons`, { recursive: true });
await using browser = await openBrowser();
for (const { name, size, share, ground } of PICTURES) await draw(name, size, share, ground, MARK);
await draw("badge-96", 96, 1, "transparent", BADGE);
for (const [level, { ground, dot }] of Object.entries(LEVELS)) {
  const mark = MARK.replace(`fill="${GROUND}"`, `fill="${ground}"`).replace("</svg>", `${dot}</svg>`);
  writeFileSync(`${PUBLIC}/icons/mark-${level}.svg`, mark);
}

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
