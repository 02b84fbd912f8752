import type { LineState } from "../live/line.ts";
import { isAcknowledged, type Problem } from "../overview/problems.ts";
import { PAGES, type PageKey } from "../pages.ts";

/** What the tab of the page says: how many problems are open, the first of them on the first page, else which page it is. */
export function titleOf(page: PageKey, problems: readonly Problem[]): string {
  const open = problems.filter(problem => !isAcknowledged(problem));
  const [first] = open;
  const name = page === "" ? "" : PAGES.find(({ key }) => key === page)?.name;
  const says = name || (first ? `${first.subject} ${first.says}` : "");
  return [first ? `(${open.length})` : "", says, says ? "· Pulse" : "Pulse"].filter(Boolean).join(" ");
}

/** The picture in the tab, an address below the page's: the mark, in the colours of the worst that is open; grey while nobody knows. */
export function markOf(line: LineState, problems: readonly Problem[]): string {
  if (line.kind === "away") return "./icons/mark-lost.svg";
  const open = problems.filter(problem => !isAcknowledged(problem));
  if (line.kind === "signed-out" || open.length === 0) return "./pulse.svg";
  return open.some(({ level }) => level === "critical") ? "./icons/mark-critical.svg" : "./icons/mark-warning.svg";
}

/** Puts both into the tab. */
export function showInTab(title: string, mark: string): void {
  document.title = title;
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link && link.getAttribute("href") !== mark) link.setAttribute("href", mark);
}
