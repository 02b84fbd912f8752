import { createSignal } from "solid-js";
import type { Theme } from "../../model/user-settings.ts";
import { t } from "../words/words.ts";

export const THEME_NAMES: { readonly [T in Theme]: string } = {
  system: t("as the device"),
  light: t("light"),
  dark: t("dark"),
  contrast: t("high contrast"),
};

const [theme, setTheme] = createSignal<Theme>("system");
/** What the device asks for, whatever the theme. */
const moreContrast = matchMedia("(prefers-contrast: more)");
moreContrast.addEventListener("change", () => show(theme()));

/** What is on the page. */
export { theme };

/** Puts the theme on the page. */
export function applyTheme(next: Theme): void {
  setTheme(next);
  show(next);
}

/** `tokens.css` reads both: the scheme where one is chosen, and whether contrast is to be high. */
function show(next: Theme): void {
  const { dataset } = document.documentElement;
  if (next === "light" || next === "dark") dataset.theme = next;
  else delete dataset.theme;
  if (next === "contrast" || moreContrast.matches) dataset.contrast = "more";
  else delete dataset.contrast;
}
