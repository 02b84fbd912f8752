import { type Accessor, createSignal, getOwner, onCleanup } from "solid-js";
import { t } from "../words/words.ts";

/** Steps through the browser's history, so that "back" closes what was opened. */
type How = "push" | "replace";

/** Where the page is; "back" is taken back to it when somebody would rather stay. */
let here = location.href;
const [search, setSearch] = createSignal(location.search);

/** What stands in the page's address from the question mark on, as it changes. */
export { search as addressSearch };

/** To be called whenever the address has become another. */
function arrive(): void {
  here = location.href;
  setSearch(location.search);
}

/** Tell whether there is something that would be lost, and where that stands. */
const unsaved = new Map<() => boolean, () => Element | null>();

// NOTE: before those who follow the address.
addEventListener(
  "popstate",
  event => {
    const [from, to] = [new URLSearchParams(search()), new URLSearchParams(location.search)];
    const isOther = (name: string) => from.get(name) !== to.get(name);
    // What is being changed of thresholds goes along to their other sections.
    const isElsewhere = isOther("page") || isOther("tab") || (isOther("section") && to.get("page") === "settings");
    if (isElsewhere ? !mayLeave() : isOther("show") && !mayLeave(DRAWER)) {
      event.stopImmediatePropagation();
      history.pushState(null, "", here);
    } else arrive();
  },
  { capture: true },
);
addEventListener("beforeunload", event => {
  if (isAnyUnsaved()) event.preventDefault();
});

/** Whether there is anything that would be lost with the page. */
export function isAnyUnsaved(): boolean {
  return [...unsaved.keys()].some(isUnsaved => isUnsaved());
}

/** As long as the caller is there and `isUnsaved`, leaving its page is asked about. `where`: an element of it. */
export function guardUnsaved(isUnsaved: () => boolean, where: () => Element | null = () => null): void {
  unsaved.set(isUnsaved, where);
  onCleanup(() => unsaved.delete(isUnsaved));
}

/** Where details are. */
export const DRAWER = ".drawer";

/** Asks, when something would be lost, whether to leave all the same; of the whole page, of an element, or of what a selector names. */
export function mayLeave(within?: string | Element): boolean {
  const isWithin = (at: Element | null) =>
    within === undefined || (typeof within === "string" ? at?.closest(within) != null : within.contains(at));
  const isLost = [...unsaved].some(([isUnsaved, where]) => isWithin(where()) && isUnsaved());
  return !isLost || confirm(t("There are changes that are not saved. Leave, and lose them?"));
}

/**
 * A piece of state that lives in the page's address, so that it can be bookmarked and shared. The default is left out of the address.
 */
export function createUrlState(name: string, byDefault = ""): [Accessor<string>, (value: string, how?: How) => void] {
  const read = () => new URLSearchParams(location.search).get(name) ?? byDefault;
  const [value, setValue] = createSignal(read());
  const follow = () => setValue(read());
  addEventListener("popstate", follow);
  if (getOwner()) onCleanup(() => removeEventListener("popstate", follow));
  const set = (next: string, how: How = "replace") => {
    if (next === value()) return;
    setValue(next);
    keepAddress(params => {
      if (next === byDefault) params.delete(name);
      else params.set(name, next);
    }, how);
  };
  return [value, set];
}

/** Changes what stands in the page's address; nobody is told. */
export function keepAddress(change: (params: URLSearchParams) => void, how: How = "replace"): void {
  const params = new URLSearchParams(location.search);
  change(params);
  const search = params.toString();
  const next = `${location.pathname}${search && `?${search}`}`;
  if (next === `${location.pathname}${location.search}` && how === "replace") return;
  history[how === "push" ? "pushState" : "replaceState"](null, "", next);
  arrive();
}

/** Goes to another page of the UI, as a link does; nothing of this page's state goes along. */
export function goTo(search: string): void {
  if (!mayLeave()) return;
  history.pushState(null, "", `${location.pathname}${search}`);
  arrive();
  dispatchEvent(new PopStateEvent("popstate"));
  scrollTo(0, 0);
}

/** Goes to where the details of `id` are shown: on `page`, which stays as it is when it is the present one. */
export function goToShown(page: string, id: string): void {
  if (!mayLeave(DRAWER)) return;
  const params = new URLSearchParams(location.search);
  if ((params.get("page") ?? "") !== page) {
    goTo(`?${new URLSearchParams({ ...(page === "" ? {} : { page }), show: id })}`);
    return;
  }
  params.set("show", id);
  history.pushState(null, "", `${location.pathname}?${params}`);
  arrive();
  dispatchEvent(new PopStateEvent("popstate"));
}
