import type { Page } from "playwright-core";

/** Runs in the page: the pages that its head leads to, but for the first. */
export const PAGE_NAMES = `[...document.querySelectorAll("nav.pages a")]
  .map(link => new URL(link.href).searchParams.get("page")).filter(key => key)`;

/** Runs in the page: follows the link to a page; answers how many ms passed until that was painted. */
export const CHANGE_PAGE = `key => new Promise(resolve => {
  const before = document.querySelector("main h1");
  const from = performance.now();
  const look = () => {
    const title = document.querySelector("main h1");
    if (!title || title === before || document.querySelector("main .waiting")) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)));
  };
  const watch = new MutationObserver(look);
  watch.observe(document.body, { childList: true, subtree: true });
  document.querySelector(\`nav.pages a[href="./\${key && "?page=" + key}"]\`).click();
  look();
})`;

/** Runs in the page: opens the details of a guest on the overview, waits for their charts, and closes them. */
const OPEN_AND_CLOSE = `round => new Promise((resolve, reject) => {
  let isOpened = false;
  const late = setTimeout(() => reject(new Error("no charts")), 20000);
  const look = () => {
    const rows = document.querySelectorAll(".guests .row.guest");
    if (!isOpened) rows[round % rows.length]?.click();
    isOpened ||= rows.length > 0;
    if (!document.querySelector(".drawer .u-over")) return requestAnimationFrame(look);
    clearTimeout(late);
    document.querySelector(".drawer-head .icon-button").click();
    requestAnimationFrame(() => setTimeout(resolve));
  };
  look();
})`;

/**
 * A round opens and closes the details of a guest, and goes to another page and back. All rounds are one script: a browser keeps something of
 * each that it is sent.
 */
export async function turnPages(page: Page, rounds: number): Promise<void> {
  await page.evaluate(`(async () => {
    const [openAndClose, change, keys] = [${OPEN_AND_CLOSE}, ${CHANGE_PAGE}, ${PAGE_NAMES}];
    for (let round = 0; round < ${rounds}; round++) {
      await openAndClose(round);
      await change(keys[round % keys.length]);
      await change("");
    }
  })()`);
}
