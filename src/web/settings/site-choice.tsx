import { For, type JSX, Show } from "solid-js";
import type { ClusterReport } from "../../model/cluster-report.ts";
import { Field } from "../ui/field.tsx";
import { t } from "../words/words.ts";

export type Sites = ClusterReport["sites"];

/** The first that something can be entered for; "" where there is none. */
export function usualSite(sites: Sites): string {
  return (sites.find(({ keys }) => keys.length > 0) ?? sites[0])?.name ?? "";
}

/** Whose edges are to watch it, and by which keys its secret is sealed for them. `onSite` left out: it stays where it is. */
export function SiteChoice(props: { sites: Sites; site: string; onSite?: (site: string) => void }): JSX.Element {
  const keys = () => props.sites.find(({ name }) => name === props.site)?.keys ?? [];
  return (
    <>
      <Show when={props.onSite}>
        {onSite => (
          <Field label={t("Site")}>
            {id => (
              <select id={id} value={props.site} onChange={event => onSite()(event.currentTarget.value)}>
                <For each={props.sites}>
                  {({ name }) => (
                    <option value={name} selected={name === props.site}>
                      {name}
                    </option>
                  )}
                </For>
              </select>
            )}
          </Field>
        )}
      </Show>
      <Show
        when={keys().length > 0}
        fallback={
          <p class="form-problem">
            {props.sites.length === 0
              ? t("No edge has been heard of: start one at the site first.")
              : t("No edge of this site can open what is entered here: update them, or start one.")}
          </p>
        }
      >
        <details class="form-more">
          <summary>{t("Sealed for the edges of site {site}; this core keeps no secret", { site: props.site })}</summary>
          <ul>
            <For each={keys()}>
              {({ edge, fingerprint }) => (
                <li>
                  {edge} <code>{fingerprint}</code>
                </li>
              )}
            </For>
          </ul>
          <p class="muted">{t("Each edge logs the same fingerprint of its key as it starts.")}</p>
        </details>
      </Show>
    </>
  );
}
