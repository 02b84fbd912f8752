import { createSignal } from "solid-js";

/** "system" follows the device. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const [theme, setTheme] = createSignal<Theme>("system");

/** What is on the page. */
export { theme };

/** Puts the theme on the page. */
export function applyTheme(next: Theme): void {
  setTheme(next);
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
}
