import { equal, ok } from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { openBrowser, shoot } from "./browser.ts";

const page = (color: string) =>
  `data:text/html;charset=utf-8,<body style="color:${color};font:20px sans-serif">Node “pve1” läuft: 42 %25`;

test("text on a page can be seen", async () => {
  await using browser = await openBrowser();
  const tab = await browser.newPage({ viewport: { width: 400, height: 100 } });
  await tab.goto(page("black"));
  const shown = await shoot(tab, "text-on-a-page");
  ok(existsSync("test-results/text-on-a-page.png"), "the picture is saved");
  await tab.goto(page("black"));
  ok(shown.equals(await tab.screenshot()), "the same page gives the same picture");
  await tab.goto(page("transparent"));
  ok(!shown.equals(await tab.screenshot()), "without its text the page looks different");
});

test("letters differ from each other: fonts were found", async () => {
  await using browser = await openBrowser();
  const tab = await browser.newPage();
  await tab.goto(page("black"));
  const widths = await tab.evaluate<number[]>(`
    const pen = document.createElement("canvas").getContext("2d");
    ["i", "W"].map(letter => pen.measureText(letter).width);
  `);
  equal(new Set(widths).size, 2);
});
