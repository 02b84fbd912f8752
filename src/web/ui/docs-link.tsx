import type { JSX } from "solid-js";
import { t } from "../words/words.ts";
import { Icon } from "./icon.tsx";

/** Where the documentation that comes with this Pulse says more. `place`: a page and a heading of it, "alerts#signals"; "index" is the first. */
export function docsHref(place: string): string {
  return `./docs/${place.replace(/(?=#)|$/, ".html")}`;
}

/** Leads there, in a tab of its own: what is being entered here stays. */
export function DocsLink(props: { place: string; says?: string }): JSX.Element {
  return (
    <a class="docs-link" href={docsHref(props.place)} target="_blank" rel="noopener">
      {props.says ?? t("More in the documentation")}
      <Icon name="external" />
    </a>
  );
}
