import { createSignal, type JSX, Show } from "solid-js";
import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import { ask, isRefused } from "../live/ask.ts";
import { createReading } from "../live/reading.ts";
import { Problem } from "../ui/form-end.tsx";
import { t } from "../words/words.ts";
import { readStatus } from "./security-api.ts";

/** The way to the identity provider, where one is set up; and what it said when it sent somebody back. */
export function OidcButton(): JSX.Element {
  const status = createReading(readStatus);
  const refused = new URLSearchParams(location.search).get("oidc_error");
  const [problem, setProblem] = createSignal<string | null>(refused);
  const go = async () => {
    const said = await ask<AnswerOf<Routes["oidcLogin"]>>("POST", "api/oidc/login", {});
    if (isRefused(said)) setProblem(said.error);
    else location.assign(said.authorizationUrl);
  };
  return (
    <Show when={status.told()?.oidcEnabled}>
      <button type="button" class="button" onClick={() => void go()}>
        {t("Sign in at your identity provider")}
      </button>
      <Problem why={problem()} />
    </Show>
  );
}
