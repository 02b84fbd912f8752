import { createSignal } from "solid-js";

/** "system" follows the device. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "pulse-theme";
const [theme, setSignal] = createSignal<Theme>(stored());

export { theme };

/** Puts the theme on the page and remembers it on this device. */
export function setTheme(next: Theme): void {
  setSignal(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // A browser that keeps nothing shows it all the same.
  }
  applyTheme();
}

export function applyTheme(): void {
  if (theme() === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme();
}

function stored(): Theme {
  try {
    return THEMES.find(one => one === localStorage.getItem(KEY)) ?? "system";
  } catch {
    return "system";
  }
}
