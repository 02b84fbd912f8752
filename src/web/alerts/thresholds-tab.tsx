import { For, type JSX, Match, Show, Switch, untrack } from "solid-js";
import type { AlertConfiguration } from "../../contract/alert-routes.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { OnlyFor } from "../ui/states.tsx";
import { createUrlState } from "../ui/url-state.ts";
import { t } from "../words/words.ts";
import { readConfig } from "./alert-api.ts";
import { ChecksPanel } from "./checks-panel.tsx";
import { ClassRules, ContainerFigures, Figure, MailRules } from "./class-rules.tsx";
import { createDraft, DraftProvider } from "./draft-context.tsx";
import { LockNotice } from "./lock-mark.tsx";
import { GroupsPanel, OverridesPanel } from "./overrides-panel.tsx";
import { SaveBar, Toggle } from "./save-bar.tsx";
import { CLASSES, GENERAL_FIGURES, OFFLINE_SWITCHES, SWITCHES } from "./threshold-specs.ts";
import { TryPanel } from "./try-panel.tsx";

const SECTIONS = [
  ["", t("Defaults")],
  ["checks", t("Checks")],
  ["groups", t("Groups")],
  ["overrides", t("Overrides")],
  ["general", t("General")],
] as const;

/** What it takes to fire: for all, for groups, for one resource. Nothing holds before it is saved. */
export function ThresholdsTab(): JSX.Element {
  const config = createReading(readConfig);
  return (
    <Loaded reading={config} what={t("The thresholds cannot be read now")} lines={10}>
      {config => <Editor config={untrack(config)} />}
    </Loaded>
  );
}

function Editor(props: { config: AlertConfiguration }): JSX.Element {
  const live = useLive();
  const draft = createDraft(props.config, () => live.session()?.may.includes("write") ?? false);
  const [section, setSection] = createUrlState("section");
  return (
    <DraftProvider value={draft}>
      <LockNotice config={props.config} />
      <OnlyFor right="write" text={t("Only an operator or an administrator can change this.")} />
      <Show when={!draft.config().enabled}>
        <p class="notice">
          <strong>{t("Alerts are switched off.")}</strong> {t("Nothing fires, whatever stands here.")}
        </p>
      </Show>
      <fieldset class="segments sections">
        <legend class="visually-hidden">{t("Which thresholds")}</legend>
        <For each={SECTIONS}>
          {([key, name]) => (
            <button type="button" aria-pressed={section() === key} onClick={() => setSection(key, "push")}>
              {name}
            </button>
          )}
        </For>
      </fieldset>
      <Switch fallback={<Defaults />}>
        <Match when={section() === "checks"}>
          <ChecksPanel />
        </Match>
        <Match when={section() === "groups"}>
          <GroupsPanel />
        </Match>
        <Match when={section() === "overrides"}>
          <OverridesPanel />
        </Match>
        <Match when={section() === "general"}>
          <General />
        </Match>
      </Switch>
      <TryPanel />
      <SaveBar draft={draft} />
    </DraftProvider>
  );
}

function Defaults(): JSX.Element {
  return (
    <Panel
      id="defaults"
      title={t("Defaults")}
      help={t(
        "A value fires once it has been at the trigger or beyond for as long as the delay, and ends at “Over at”. In between it stays as it is, so that a value about the threshold does not come and go. An override of one resource goes before a group, and a group before what stands here.",
      )}
      docs="alerts#signals"
      tools={<span class="muted">{t("For all of a class, unless a group or an override says otherwise.")}</span>}
    >
      <For each={CLASSES}>
        {one => (
          <ClassRules of={one}>
            <Show when={one.of === "docker-container"}>
              <ContainerFigures />
            </Show>
          </ClassRules>
        )}
      </For>
      <MailRules />
    </Panel>
  );
}

function General(): JSX.Element {
  return (
    <>
      <Panel
        id="switches"
        help={t(
          "What is switched off takes its alerts back at once, and what waits to be told of them is not told. To keep something quiet for a while, silence it: that ends by itself.",
        )}
        docs="alerts#which-threshold-holds"
        title={t("Switches")}
      >
        <div class="form wide">
          <Toggle path={["enabled"]} label={t("Watch for alerts")} />
          <fieldset class="checks-of">
            <legend>{t("No alerts at all of")}</legend>
            <For each={SWITCHES}>{([key, name]) => <Toggle path={[key]} label={name} />}</For>
          </fieldset>
          <fieldset class="checks-of">
            <legend>{t("Not when they are offline")}</legend>
            <For each={OFFLINE_SWITCHES}>{([key, name]) => <Toggle path={[key]} label={name} />}</For>
          </fieldset>
        </div>
      </Panel>
      <Panel
        id="general"
        title={t("Patience")}
        help={t(
          "What comes and goes several times in a short while flaps: it is told once, and again only after it has been calm. What fires again soon after it was over is the same episode, and nobody is told anew.",
        )}
        docs="alerts#flapping-acknowledgement-clearing"
      >
        <div class="form wide">
          <Toggle path={["flapping", "enabled"]} label={t("Tell once of what flaps, and then wait until it is calm")} />
          <div class="figures">
            <For each={GENERAL_FIGURES}>{figure => <Figure of={figure} />}</For>
          </div>
        </div>
      </Panel>
    </>
  );
}
