import { type Accessor, createSignal, getOwner, onCleanup } from "solid-js";

/** Steps through the browser's history, so that "back" closes what was opened. */
type How = "push" | "replace";

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
    const params = new URLSearchParams(location.search);
    if (next === byDefault) params.delete(name);
    else params.set(name, next);
    const search = params.toString();
    history[how === "push" ? "pushState" : "replaceState"](null, "", `${location.pathname}${search && `?${search}`}`);
  };
  return [value, set];
}

/** Goes to another page of the UI, as a link does; nothing of this page's state goes along. */
export function goTo(search: string): void {
  history.pushState(null, "", `${location.pathname}${search}`);
  dispatchEvent(new PopStateEvent("popstate"));
  scrollTo(0, 0);
}
