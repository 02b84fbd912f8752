import type { Page } from "playwright-core";
import { demoEstate } from "../../simulator/presets.ts";
import { letDockerReport, type Reader, startReader } from "./reader.ts";

/** A page as it can be opened, or one of its parts: what it is called, its address, and what is there once it is shown. */
export interface View {
  readonly name: string;
  readonly search: string;
  readonly shows: string;
}

const tab = (key: string, shows: string): View => ({
  name: `alerts, ${key}`,
  search: `?page=alerts&tab=${key}`,
  shows,
});
const section = (key: string, shows: string): View => ({
  name: `settings, ${key}`,
  search: `?page=settings&section=${key}`,
  shows,
});

/** Each page, its parts, and the details of each kind of thing. */
export const VIEWS: readonly View[] = [
  { name: "overview", search: "", shows: ".guests .row.guest" },
  { name: "alerts", search: "?page=alerts", shows: ".incident" },
  tab("history", "#episodes-title"),
  tab("thresholds", ".class-rules"),
  tab("thresholds&section=checks", ".check-row"),
  tab("thresholds&section=groups", "#group-tag"),
  tab("thresholds&section=overrides", "#overrides-title"),
  tab("thresholds&section=general", "#switches-title"),
  tab("destinations", "#webhooks-title"),
  tab("schedule", ".week"),
  tab("deliveries", "#deliveries-title"),
  { name: "compare", search: "?page=compare&q=db", shows: ".compare-legend li" },
  { name: "storage", search: "?page=storage", shows: ".row .name" },
  { name: "backups", search: "?page=backups", shows: "#backups-title" },
  { name: "mail", search: "?page=mail", shows: ".tiles" },
  { name: "docker", search: "?page=docker", shows: ".row .name" },
  { name: "changes", search: "?page=changes", shows: ".change-line" },
  { name: "the wall", search: "?page=wall", shows: ".wall-tile" },
  { name: "settings", search: "?page=settings", shows: ".instance" },
  section("security", "#posture-title"),
  section("docker", "#docker-agents-title"),
  section("links", "#guest-links-title"),
  section("system", ".settings-save"),
  section("backup", "#own-backups-title"),
  section("updates", "#updates-title"),
  section("page", "#page-settings-title"),
  section("diagnostics", "#diagnostics-title"),
];

/**
 * Goes to `view` as a link of the page does, which costs a third of loading it anew; the page must be open. Resolves once it is shown: what
 * looked like it on the page before does not count. A page that is there already is loaded anew.
 */
export async function goTo(page: Page, { search, shows }: View): Promise<void> {
  if (new URL(page.url()).search === search) {
    await page.reload();
    return page.locator(shows).first().waitFor();
  }
  await page.locator(shows).evaluateAll(elements => {
    for (const element of elements) element.setAttribute("data-before", "");
  });
  await page.evaluate(`history.pushState(null, "", location.pathname + ${JSON.stringify(search)})
dispatchEvent(new PopStateEvent("popstate"))
scrollTo(0, 0)`);
  await page.locator(`:is(${shows}):not([data-before])`).first().waitFor();
}

/** A reader of a Pulse that watches some of everything: clusters with a node that is gone, Backup Servers, a Mail Gateway, Docker hosts. */
export async function startWithEverything(): Promise<Reader> {
  const reader = await startReader({ estate: { ...demoEstate(), dockerHosts: 5 }, speed: 2 });
  const { pulse } = reader;
  await letDockerReport(pulse);
  await pulse.until(({ instances }) => instances.every(({ status }) => status === "online"));
  await pulse.estate.faults.cause({ kind: "node-off", instance: "home", node: "pve2" });
  await pulse.until(
    ({ activeAlerts, dockerHosts }) =>
      dockerHosts.length === 5 &&
      activeAlerts.some(({ type, resourceName }) => type === "offline" && resourceName === "pve2"),
  );
  return reader;
}
