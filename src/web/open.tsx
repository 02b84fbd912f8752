import { render } from "solid-js/web";
import { App } from "./app.tsx";
import { letReader } from "./live/slices.ts";

/** Shows the page. Who comes to no page in particular gets `startPage`. */
export async function open(startPage: string): Promise<void> {
  // To run all that was loaded is a task of its own.
  await letReader();
  if (location.search === "" && startPage !== "") history.replaceState(null, "", `?page=${startPage}`);
  const root = document.getElementById("pulse");
  if (root) render(() => <App />, root);
}
