import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** What a finger hits, px. */
const FINGER = 44;
/**
 * What is smaller than a finger and may be: links within sentences, which are as high as the text; hours of the week and bars in time,
 * beside which the same is said and set in full size; what stands in a line of a table that itself is pressed.
 */
const SMALLER = ".skip, .week-cell, .band-bar, .row :is(.name, .link, .icon-link, .fold)";

/**
 * Each control that a finger would miss. What counts is where it is hit, not how large it is drawn: it is looked at from its middle to
 * all sides.
 */
const MISSED = `(() => {
  const found = [];
  const isPart = ({ nodeType, textContent }) => nodeType === Node.TEXT_NODE && /\\w/.test(textContent);
  for (const control of document.querySelectorAll("a[href], button, input, select, textarea, summary, [role='button'], [role='option']")) {
    if (control.matches(":disabled, ${SMALLER}") || !control.checkVisibility({ visibilityProperty: true })) continue;
    const of = control.closest("label") ?? control;
    const isInSentence = getComputedStyle(of).display.startsWith("inline") && [...of.parentElement.childNodes].some(isPart);
    if (isInSentence) continue;
    of.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const { left, top, width, height } = of.getBoundingClientRect();
    const isHit = (right, down) => of.contains(document.elementFromPoint(left + width / 2 + right, top + height / 2 + down));
    // Something stands before it, or it lies outside of what can be seen.
    if (!isHit(0, 0)) continue;
    const reach = (right, down) => {
      let far = 0;
      while (far < ${FINGER} && isHit(right * (far + 1), down * (far + 1))) far += 1;
      return far;
    };
    const wide = reach(-1, 0) + reach(1, 0) + 1;
    const high = reach(0, -1) + reach(0, 1) + 1;
    if (Math.min(wide, high) >= ${FINGER - 1}) continue;
    const name = control.getAttribute("aria-label") ?? of.textContent.trim();
    found.push(wide + " × " + high + ": " + name.slice(0, 40) + " (" + control.tagName.toLowerCase() + "." + control.className + " in ." + control.parentElement.className + ")");
  }
  scrollTo(0, 0);
  return found;
})()`;

/** Fails with the controls on the page that a finger would miss. */
export async function assertWithinReach(page: Page): Promise<void> {
  assert.deepEqual(await page.evaluate<string[]>(MISSED), []);
}
