import { type JSX, onMount } from "solid-js";
import { t } from "../words/words.ts";

/** In the place of a page that could not be loaded, as after an update of Pulse, or that failed. */
export function LostPage(props: { error: unknown }): JSX.Element {
  // As if nobody had caught it.
  onMount(() => reportError(props.error));
  return (
    <section class="empty-estate" role="alert">
      <h1>{t("This page could not be shown")}</h1>
      <p>{t("Pulse may have been replaced by another version, or the server cannot be reached.")}</p>
      <button type="button" class="button primary" onClick={() => location.reload()}>
        {t("Load it again")}
      </button>
    </section>
  );
}
