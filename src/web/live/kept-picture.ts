import { MIB, MINUTE, SECOND } from "../../kit/units.ts";
import type { State } from "../../model/state.ts";

/** A larger one is not kept. */
const LARGEST = 32 * MIB;
const PATH = "api/state";

let isAllowed = true;

/** Of this very Pulse: several may live below paths of one address. */
function storeName(): string {
  return `pulse-picture ${new URL("./", document.baseURI).href}`;
}

/** Browsers keep things for safe origins alone, and may be told to keep nothing. */
function isPossible(): boolean {
  return "caches" in globalThis;
}

/**
 * Keeps what the server shows now, for the next time that the page is opened without network. It goes from the network to the disk without
 * being looked at, so that a large estate stops nothing.
 */
async function keepPicture(): Promise<void> {
  if (!isPossible() || !isAllowed) return;
  try {
    const answer = await fetch(PATH);
    if (!answer.ok || Number(answer.headers.get("content-length") ?? 0) > LARGEST) return;
    const store = await caches.open(storeName());
    await store.put(PATH, answer);
    // Somebody has signed out meanwhile.
    if (!isAllowed) await forgetPicture();
  } catch {
    // No room, or no network: the one before stays.
  }
}

/** What was kept last; null: nothing, or nothing that can be read. */
export async function keptPicture(): Promise<State | null> {
  if (!isPossible() || !isAllowed) return null;
  try {
    const found = await (await caches.open(storeName())).match(PATH);
    return found ? ((await found.json()) as State) : null;
  } catch {
    return null;
  }
}

/** Whoever has signed out leaves nothing behind. Until `allowPicture` nothing more is kept. */
export async function forgetPicture(): Promise<void> {
  isAllowed = false;
  if (isPossible()) await caches.delete(storeName()).catch(() => false);
}

/** Somebody is let in. */
export function allowPicture(): void {
  isAllowed = true;
}

/** How old a kept one may get while the page is in sight, and how soon the first is kept. */
const EVERY = 5 * MINUTE;
const FIRST = 10 * SECOND;

/** Keeps one soon, then now and then, and when the page goes out of sight; as long as `isLive` says so. */
export function keepNowAndThen(isLive: () => boolean): void {
  let keptAt = 0;
  const keep = (age: number) => {
    if (!isLive() || Date.now() - keptAt < age) return;
    keptAt = Date.now();
    void keepPicture();
  };
  setInterval(() => {
    if (document.visibilityState === "visible") keep(EVERY);
  }, FIRST);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep(MINUTE);
  });
}
