import { type Component, lazy } from "solid-js";
import type { PageKey } from "./pages.ts";
import { withTexts } from "./words/words.ts";

/** What every page is told. */
interface PageProps {
  /** The id of the entity whose details are shown; "": none. */
  shown: string;
  onShow: (id: string) => void;
}

/** Everything but the first page: it is loaded when it is opened, or before, when a link to it is pointed at or nothing else is to do. */
export const LATER = {
  alerts: lazy<Component<PageProps>>(withTexts(() => import("./alerts/alerts-page.tsx"))),
  changes: lazy<Component<PageProps>>(withTexts(() => import("./changes/changes-page.tsx"))),
  compare: lazy<Component<PageProps>>(withTexts(() => import("./compare/compare-page.tsx"))),
  storage: lazy<Component<PageProps>>(
    withTexts(async () => ({ default: (await import("./storage/storage-page.tsx")).StoragePage })),
  ),
  backups: lazy<Component<PageProps>>(
    withTexts(async () => ({ default: (await import("./backups/backups-page.tsx")).BackupsPage })),
  ),
  mail: lazy<Component<PageProps>>(
    withTexts(async () => ({ default: (await import("./mail/mail-page.tsx")).MailPage })),
  ),
  docker: lazy<Component<PageProps>>(
    withTexts(async () => ({ default: (await import("./docker/docker-page.tsx")).DockerPage })),
  ),
  settings: lazy<Component<PageProps>>(
    withTexts(async () => ({ default: (await import("./settings/settings-page.tsx")).SettingsPage })),
  ),
} as const satisfies { readonly [K in Exclude<PageKey, "" | "wall">]: Component<PageProps> };

/** A screen on the wall shows nothing else. */
export const WallPage = lazy(withTexts(() => import("./wall/wall-page.tsx")));

/** What is known of one entity, beside every page. */
export const Details = lazy(withTexts(async () => ({ default: (await import("./details/details.tsx")).Details })));

/** Loads a page that will probably be opened. */
export function preload(page: PageKey): void {
  // Offline it is asked for again when it is opened.
  if (page !== "" && page !== "wall") LATER[page].preload().catch(() => {});
}

/** Loads the rest, one after the other, whenever the page has nothing else to do: what is opened next is there already. */
export async function preloadAll(): Promise<void> {
  for (const { preload } of [Details, ...Object.values(LATER)]) {
    await idle();
    await preload().catch(() => {});
  }
}

/** Safari does not tell when a page has nothing to do. */
function idle(): Promise<void> {
  return new Promise(resolve => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(() => resolve());
    else setTimeout(resolve, 500);
  });
}
