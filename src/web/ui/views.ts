import type { View } from "../../model/user-settings.ts";

/** The most views that somebody may keep, and the longest address of one; the server has the same. */
export const MOST_VIEWS = 50;
export const LONGEST_VIEW = 1500;

/** The page that an address is of; "": the first. */
export function pageOf(search: string): string {
  return new URLSearchParams(search).get("page") ?? "";
}

/** Whether two addresses say the same, in whatever order. */
export function isSameAddress(a: string, b: string): boolean {
  const [one, other] = [a, b].map(search => {
    const params = new URLSearchParams(search);
    params.sort();
    return params.toString();
  });
  return one === other;
}

/** `views` with `view`, in the place of the one of its page that has its name. */
export function withView(views: readonly View[], view: View): View[] {
  const at = views.findIndex(one => isNamed(one, view));
  return at < 0 ? [...views, view] : views.toSpliced(at, 1, view);
}

/** `views` with one under another name; null: another of its page has that name, or it is no name. */
export function renamed(views: readonly View[], view: View, name: string): View[] | null {
  const next = { ...view, name: name.trim() };
  if (next.name === "" || views.some(one => one !== view && isNamed(one, next))) return null;
  return views.map(one => (one === view ? next : one));
}

function isNamed(one: View, { name, search }: View): boolean {
  return one.name.toLowerCase() === name.toLowerCase() && pageOf(one.search) === pageOf(search);
}
