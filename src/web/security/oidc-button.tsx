import { createSignal, type JSX, Show } from "solid-js";
import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import { ask, isRefused } from "../live/ask.ts";
import { createReading } from "../live/reading.ts";
import { Problem } from "../ui/form-end.tsx";
import { t } from "../words/words.ts";
import { readStatus } from "./security-api.ts";

/**
 * The way to the identity provider, where one is set up; and what it said when it sent somebody back. `isBeforePage`: the page stays, and
 * whoever comes back to it from the provider's tab is signed in.
 */
export function OidcButton(props: { isBeforePage: boolean }): JSX.Element {
  const status = createReading(readStatus);
  const refused = new URLSearchParams(location.search).get("oidc_error");
  const [problem, setProblem] = createSignal<string | null>(refused);
  const go = async () => {
    // Only now does the browser believe that somebody wants it.
    const tab = props.isBeforePage ? open("about:blank") : null;
    const said = await ask<AnswerOf<Routes["oidcLogin"]>>("POST", "api/oidc/login", {});
    if (isRefused(said)) {
      tab?.close();
      setProblem(said.error);
    } else (tab ?? window).location.assign(said.authorizationUrl);
  };
  return (
    <Show when={status.told()?.oidcEnabled}>
      <button type="button" class="button" onClick={() => void go()}>
        {t("Sign in at your identity provider")}
      </button>
      <Show when={props.isBeforePage}>
        <p class="muted">{t("That opens another tab. Come back to this one when you are signed in.")}</p>
      </Show>
      <Problem why={problem()} />
    </Show>
  );
}
