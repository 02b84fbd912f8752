const { dataset } = document.documentElement;

// The colours that the reader has chosen in Pulse, before anything is drawn. As ui/theme.ts does it for the page.
try {
  const { theme } = JSON.parse(localStorage.getItem("pulse-settings") ?? "{}") ?? {};
  if (theme === "light" || theme === "dark") dataset.theme = theme;
  if (theme === "contrast" || matchMedia("(prefers-contrast: more)").matches) dataset.contrast = "more";
} catch {
  // A browser that keeps nothing shows them as the device.
}

// What is on the page stands open where it has a place beside the text.
addEventListener("DOMContentLoaded", () => {
  const parts = document.querySelector(".parts details");
  if (parts) parts.open = matchMedia("(min-width: 1500px)").matches;
});
