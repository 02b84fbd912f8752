import { kioskToken } from "./kiosk.ts";

const WORKER = "./service-worker.js";

/** Browsers run service workers for safe origins alone: HTTPS, or localhost. A screen on the wall needs none, and leaves nothing behind. */
export function isWorkerPossible(): boolean {
  return isSecureContext && "serviceWorker" in navigator && kioskToken() === null;
}

/** The worker that opens the page without network and shows what is pushed. Registered twice it is the same one. Throws where the browser refuses. */
export function registerWorker(): Promise<ServiceWorkerRegistration> {
  return navigator.serviceWorker.register(WORKER, { updateViaCache: "none" });
}

let isRegistering = false;

/** Once the page is there and the browser has nothing else to do. */
export function registerWhenIdle(): void {
  if (isRegistering || !isWorkerPossible()) return;
  isRegistering = true;
  const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 2000));
  // Without one, the page works as it did before.
  idle(() => void registerWorker().catch(() => undefined));
}

/** The server is another version: its worker and its files are fetched now, so that they are there when the page is loaded again. */
export function renewWorker(): void {
  if (isWorkerPossible())
    void navigator.serviceWorker.getRegistration().then(
      found => found?.update(),
      () => undefined,
    );
}
