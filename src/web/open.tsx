import { render } from "solid-js/web";
import { App } from "./app.tsx";

/** Shows the page. Who comes to no page in particular gets `startPage`. */
export function open(startPage: string): void {
  if (location.search === "" && startPage !== "") history.replaceState(null, "", `?page=${startPage}`);
  const root = document.getElementById("pulse");
  if (root) render(() => <App />, root);
}
