const KEY = "pulse-found";
const MOST = 20;

/** The ids of what was chosen last on this device, the latest first. */
export function recentlyFound(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.map(String) : [];
  } catch {
    return [];
  }
}

export function rememberFound(id: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([id, ...recentlyFound().filter(one => one !== id)].slice(0, MOST)));
  } catch {
    // A browser that keeps nothing finds it all the same.
  }
}
