import { type Accessor, createSignal } from "solid-js";

/** What Chromium hands a page that could be installed; no other browser does. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

const [offer, setOffer] = createSignal<InstallPrompt | null>(null);

// NOTE: it comes once, early.
addEventListener("beforeinstallprompt", event => {
  event.preventDefault();
  setOffer(event as InstallPrompt);
});
addEventListener("appinstalled", () => setOffer(null));

/** Asks the reader whether Pulse is to be an app of this device; null: the browser does not offer that to a page. */
export const installer: Accessor<(() => Promise<void>) | null> = () => {
  const offered = offer();
  if (!offered) return null;
  return async () => {
    await offered.prompt();
    setOffer(null);
  };
};

/** Whether this page is an app of the device already. */
export function isInstalled(): boolean {
  return matchMedia("(display-mode: standalone)").matches;
}
