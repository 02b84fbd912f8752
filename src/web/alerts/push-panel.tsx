import { createResource, createSignal, For, type JSX, Match, Switch } from "solid-js";
import { formatTime } from "../format/format.ts";
import { isRefused } from "../live/ask.ts";
import { createReading } from "../live/reading.ts";
import { AskingButton } from "../security/asking.tsx";
import { Problem } from "../ui/form-end.tsx";
import { Panel } from "../ui/panel.tsx";
import { plural, t } from "../words/words.ts";
import { readBrowsers, readPushKey, subscribePush, unsubscribePush } from "./notify-api.ts";
import { endPush, isPushPossible, presentPush, startPush } from "./push.ts";

/** Tells this browser, and lists those that are told. */
export function PushPanel(): JSX.Element {
  const browsers = createReading(readBrowsers);
  const [own, { refetch: lookAgain }] = createResource(presentPush);
  const [problem, setProblem] = createSignal<string | null>(null);
  const [busy, setBusy] = createSignal(false);
  const listed = () => browsers.told() ?? [];
  const run = async (does: () => Promise<string | null>) => {
    setBusy(true);
    setProblem(await does());
    setBusy(false);
    await lookAgain();
    browsers.again();
  };
  const start = () =>
    run(async () => {
      const key = await readPushKey();
      if (isRefused(key)) return key.error;
      try {
        const said = await subscribePush(await startPush(key.publicKey));
        return isRefused(said) ? said.error : null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    });
  return (
    <Panel
      id="push"
      help={t(
        "Tells this browser also while no page of Pulse is open, on a phone too. It goes through the service of the browser's maker, sealed so that only this browser can read it.",
      )}
      docs="notifications#channels"
      title={t("This browser")}
      count={listed().length > 0 ? plural(listed().length, "browser is told", "browsers are told") : ""}
    >
      <div class="form wide">
        <Switch>
          <Match when={!isPushPossible()}>
            <p class="muted">
              {t(
                "Browsers let themselves be told (web push) only by pages with HTTPS, or on localhost. This page is neither: reach Pulse by HTTPS and come back.",
              )}
            </p>
          </Match>
          <Match when={own.latest}>
            <p>{t("This browser is told, also while no page of Pulse is open.")}</p>
            <div class="form-buttons">
              <button
                type="button"
                class="button"
                disabled={busy()}
                onClick={() =>
                  void run(async () => {
                    await endPush();
                    return null;
                  })
                }
              >
                {t("Tell this browser no longer")}
              </button>
            </div>
          </Match>
          <Match when={true}>
            <p class="muted">
              {t("It can be told of alerts, also while no page of Pulse is open. It will ask whether it may.")}
            </p>
            <div class="form-buttons">
              <button type="button" class="button" disabled={busy()} onClick={() => void start()}>
                {t("Tell this browser")}
              </button>
            </div>
          </Match>
        </Switch>
        <Problem why={problem()} />
      </div>
      <ul class="instances">
        <For each={listed()}>
          {browser => (
            <li class="instance">
              <div class="instance-text">
                <strong>{browser.name || t("A browser")}</strong>{" "}
                <span class="muted">{t("of {user}", { user: browser.user || t("nobody in particular") })}</span>
                <p class="muted">
                  {t("Since {createdAt}, through {host}", {
                    createdAt: formatTime(browser.createdAt),
                    host: browser.host,
                  })}
                </p>
              </div>
              <AskingButton
                label={t("Remove")}
                question={t("Tell it no longer?")}
                confirm={t("Remove")}
                does={() => unsubscribePush(browser.id)}
                onDone={browsers.again}
              />
            </li>
          )}
        </For>
      </ul>
    </Panel>
  );
}
