import { type JSX, Match, Switch } from "solid-js";
import { installer, isInstalled } from "../live/install.ts";
import { isWorkerPossible } from "../live/worker.ts";
import { Panel } from "../ui/panel.tsx";
import { t } from "../words/words.ts";

/** Pulse as an app of this device, as far as its browser lets a page of this address be one. */
export function AppPanel(): JSX.Element {
  return (
    <Panel
      id="app"
      help={t(
        "An app has a window and an icon of its own, and shows what it last knew while there is no network. It is the same page, kept by the browser: it is updated with the server, and removed like any app.",
      )}
      docs="page#as-an-app"
      title={t("As an app")}
    >
      <div class="form wide">
        <Switch>
          <Match when={!isWorkerPossible()}>
            <p class="muted">
              {t(
                "Browsers make an app only of pages with HTTPS, or on localhost. This page is neither: reach Pulse by HTTPS and come back.",
              )}
            </p>
          </Match>
          <Match when={isInstalled()}>
            <p>
              {t("Pulse is an app of this device. Without network it shows what it last knew, and how old that is.")}
            </p>
          </Match>
          <Match when={installer()}>
            {install => (
              <>
                <p class="muted">
                  {t(
                    "With a window and an icon of its own; without network it shows what it last knew, and how old that is.",
                  )}
                </p>
                <div class="form-buttons">
                  <button type="button" class="button" onClick={() => void install()()}>
                    {t("Install")}
                  </button>
                </div>
              </>
            )}
          </Match>
          <Match when={true}>
            <p class="muted">
              {t(
                "The browser's menu makes it one: “Install” or “Add to home screen”. Without network it shows what it last knew, and how old that is.",
              )}
            </p>
          </Match>
        </Switch>
      </div>
    </Panel>
  );
}
