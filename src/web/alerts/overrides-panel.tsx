import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import type { CheckName, Hysteresis, MetricName, Thresholds } from "../../model/alert-config.ts";
import { tagsOf } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { guestsOf } from "../overview/rows.ts";
import { fits } from "../storage/storage-rows.ts";
import { TextField } from "../ui/field.tsx";
import { Panel } from "../ui/panel.tsx";
import { createUrlState } from "../ui/url-state.ts";
import { plural, t } from "../words/words.ts";
import { CheckRow } from "./checks-panel.tsx";
import { PoweredOff } from "./class-rules.tsx";
import { useDraft } from "./draft-context.tsx";
import { LockMark } from "./lock-mark.tsx";
import { type Resource, resourcesOf } from "./resources.ts";
import { RuleHeads, RuleRow } from "./rule-row.tsx";
import { CLASSES, defaultsOf, inheritedBy, type ResourceClass, toRow } from "./threshold-specs.ts";
import { formatValue, RESOURCE_NAMES, signalName } from "./words.ts";

const MOST_FOUND = 8;

/** Which checks an override of a class may change. */
const CHECKS_OF: Readonly<Record<string, readonly CheckName[]>> = {
  node: ["offline", "zfs-state", "zfs-errors"],
  guest: ["powered-off", "ha-error", "backup-failed", "backup-unverified"],
  storage: ["storage-inactive", "backups-unread"],
  disk: ["disk-health"],
  ceph: ["ceph-health", "ceph-osd"],
  pbs: ["offline", "job-failed"],
  datastore: ["datastore-unavailable", "backups-unread"],
  pmg: ["offline", "mail-queue", "mail-oldest", "mail-quarantine"],
  "docker-host": ["offline"],
  "docker-container": ["container-state", "container-health", "container-restarts", "container-oom"],
};

/** What differs for one resource. Which one is being edited lives in the address. */
export function OverridesPanel(): JSX.Element {
  const live = useLive();
  const draft = useDraft();
  const [edited, setEdited] = createUrlState("override");
  const [text, setText] = createSignal("");
  const resources = createMemo(() => resourcesOf(live.picture()));
  const byId = createMemo(() => new Map(resources().map(one => [one.id, one])));
  const listed = () => [...new Set([...Object.keys(draft.config().overrides), ...(edited() === "" ? [] : [edited()])])];
  const found = () =>
    text().trim() === ""
      ? []
      : resources()
          .filter(({ name, place, kind, tags }) => fits(text(), name, place, RESOURCE_NAMES[kind], tags.join(" ")))
          .slice(0, MOST_FOUND);
  return (
    <Panel
      id="overrides"
      help={t(
        "For the one guest that is meant to be busy, or the disk that is meant to be full. Only what differs is kept: all else follows its group and its class, also when you change those later.",
      )}
      docs="alerts#which-threshold-holds"
      title={t("Overrides")}
      count={String(Object.keys(draft.config().overrides).length)}
    >
      <div class="form wide">
        <TextField
          label={t("Find a resource")}
          value={text()}
          onValue={setText}
          placeholder={t("web, 101, pve1, nas, sda…")}
          hint={t("Only what differs is kept; all else follows its group and its class.")}
        />
        <Show when={text().trim() !== ""}>
          <ul class="found">
            <For each={found()} fallback={<li class="muted">{t("Nothing is called so.")}</li>}>
              {one => (
                <li>
                  <button
                    type="button"
                    class="button quiet"
                    onClick={() => {
                      setEdited(one.id);
                      setText("");
                    }}
                  >
                    {one.name}{" "}
                    <span class="muted">{[RESOURCE_NAMES[one.kind], one.place].filter(Boolean).join(" · ")}</span>
                  </button>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </div>
      <For each={listed()} fallback={<p class="nothing">{t("No resource differs from its class.")}</p>}>
        {id => (
          <Override
            id={id}
            resource={byId().get(id) ?? null}
            isOpen={edited() === id}
            onOpen={isOpen => setEdited(isOpen ? id : "")}
          />
        )}
      </For>
    </Panel>
  );
}

function Override(props: {
  id: string;
  resource: Resource | null;
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
}): JSX.Element {
  const draft = useDraft();
  const path = () => ["overrides", props.id];
  const own = () => (draft.config().overrides[props.id] ?? {}) as Thresholds;
  const one = () => CLASSES.find(({ resources }) => resources === props.resource?.kind) ?? null;
  return (
    <details
      class="class-rules"
      open={props.isOpen}
      onToggle={event => {
        if (event.currentTarget.open !== props.isOpen) props.onOpen(event.currentTarget.open);
      }}
    >
      <summary>
        <strong>{props.resource?.name ?? props.id}</strong>
        <span class="muted class-summary">
          {props.resource
            ? [RESOURCE_NAMES[props.resource.kind], props.resource.place].filter(Boolean).join(" · ")
            : t("not there now")}
          : {summaryOf(own())}
        </span>
        <LockMark path={path()} />
        <Show when={draft.isChanged(path())}>
          <span class="tag changed-mark">{t("changed")}</span>
        </Show>
      </summary>
      <OverrideFields
        path={path()}
        of={one()}
        metrics={one()?.metrics ?? metricsIn(own())}
        checks={CHECKS_OF[props.resource?.kind ?? ""] ?? []}
        inherited={inheritedBy(draft.config(), one(), props.resource?.tags ?? [])}
      />
      <div class="form-buttons override-buttons">
        <button
          type="button"
          class="button"
          disabled={!draft.mayEdit(path()) || Object.keys(own()).length === 0}
          onClick={() => draft.set(path(), undefined)}
        >
          {t("Reset all to inherited")}
        </button>
      </div>
    </details>
  );
}

function metricsIn(thresholds: Thresholds): MetricName[] {
  return Object.keys(thresholds).filter((name): name is MetricName => isHysteresis(thresholds[name as MetricName]));
}

function isHysteresis(value: unknown): value is Hysteresis {
  return typeof value === "object" && value !== null && "trigger" in value;
}

function summaryOf(own: Thresholds): string {
  const parts = metricsIn(own).map(metric => {
    const { trigger } = own[metric] as Hysteresis;
    return `${signalName(metric)} ${trigger === -1 ? t("off") : formatValue(trigger, toRow(metric).unit)}`;
  });
  const checks = Object.entries(own.checks ?? {}).map(
    ([name, check]) => `${signalName(name)}${check?.enabled === false ? ` ${t("off")}` : ""}`,
  );
  const others = [own.disabled ? t("no alerts at all") : "", own.disableConnectivity ? t("not when offline") : ""];
  return [...parts, ...checks, ...others].filter(Boolean).join(", ") || t("nothing differs");
}

function OverrideFields(props: {
  path: readonly string[];
  of: ResourceClass | null;
  metrics: readonly MetricName[];
  checks: readonly CheckName[];
  inherited: Thresholds;
}): JSX.Element {
  const draft = useDraft();
  const isDisabled = () => draft.get([...props.path, "disabled"]) === true;
  return (
    <>
      <div class="form wide">
        <label class="check">
          <input
            type="checkbox"
            checked={isDisabled()}
            disabled={!draft.mayEdit(props.path)}
            onChange={event => draft.set([...props.path, "disabled"], event.currentTarget.checked || undefined)}
          />
          {t("No alerts of it at all")}
        </label>
      </div>
      <Show when={!isDisabled()}>
        <Show when={props.metrics.length > 0}>
          <div class="rules no-hold">
            <RuleHeads hold={false} />
            <For each={props.metrics}>
              {metric => (
                <RuleRow
                  row={toRow(metric)}
                  path={[...props.path, metric]}
                  inherited={props.inherited[metric] ?? null}
                />
              )}
            </For>
          </div>
        </Show>
        <div class="check-rows">
          <For each={props.checks}>
            {name => (
              <CheckRow
                name={name}
                path={[...props.path, "checks", name]}
                inherited={{ ...draft.config().checks[name], ...props.inherited.checks?.[name] }}
              />
            )}
          </For>
        </div>
        <Show when={props.of?.of === "guest"}>
          <div class="form wide">
            <PoweredOff path={props.path} inherited={props.inherited} />
          </div>
        </Show>
      </Show>
    </>
  );
}

/** What differs for guests with a tag. */
export function GroupsPanel(): JSX.Element {
  const live = useLive();
  const draft = useDraft();
  const [tag, setTag] = createSignal("");
  const [added, setAdded] = createSignal<readonly string[]>([]);
  const guests = CLASSES.find(({ of }) => of === "guest") ?? null;
  const known = createMemo(() => [...new Set(guestsOf(live.picture()).flatMap(tagsOf))].sort());
  const listed = () => [...new Set([...Object.keys(draft.config().tagOverrides), ...added()])];
  const count = (of: string) => guestsOf(live.picture()).filter(guest => tagsOf(guest).includes(of)).length;
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const name = tag().trim();
    if (name !== "") setAdded(before => [...before, name]);
    setTag("");
  };
  return (
    <Panel
      id="groups"
      title={t("Groups")}
      help={t(
        "Guests are grouped by their tags in Proxmox. pulse-no-alerts silences a guest for good, pulse-monitor-only shows its alerts and tells nobody, pulse-relaxed has higher thresholds; the others are yours.",
      )}
      docs="alerts#which-threshold-holds"
      count={String(Object.keys(draft.config().tagOverrides).length)}
      tools={<span class="muted">{t("Guests with a tag. With several, the first group here holds.")}</span>}
    >
      <form class="form wide" onSubmit={add}>
        <div class="with-button">
          <div class="field">
            <label for="group-tag">{t("Tag")}</label>
            <input
              id="group-tag"
              list="group-tags"
              autocomplete="off"
              value={tag()}
              placeholder={known()[0] ?? t("production")}
              onInput={event => setTag(event.currentTarget.value)}
            />
            <datalist id="group-tags">
              <For each={known()}>{name => <option value={name} />}</For>
            </datalist>
          </div>
          <button type="submit" class="button" disabled={!draft.mayEdit() || tag().trim() === ""}>
            {t("Add a group")}
          </button>
        </div>
      </form>
      <For each={listed()} fallback={<p class="nothing">{t("There is no group yet.")}</p>}>
        {name => (
          <details class="class-rules" open={added().includes(name)}>
            <summary>
              <strong>{name}</strong>
              <span class="muted class-summary">
                {t("{guests}: {summary}", {
                  guests: plural(count(name), "guest"),
                  summary: summaryOf(draft.config().tagOverrides[name] ?? {}),
                })}
              </span>
              <LockMark path={["tagOverrides", name]} />
              <Show when={draft.isChanged(["tagOverrides", name])}>
                <span class="tag changed-mark">{t("changed")}</span>
              </Show>
            </summary>
            <OverrideFields
              path={["tagOverrides", name]}
              of={guests}
              metrics={guests?.metrics ?? []}
              checks={CHECKS_OF.guest ?? []}
              inherited={guests ? defaultsOf(draft.config(), guests) : {}}
            />
            <div class="form-buttons override-buttons">
              <button
                type="button"
                class="button"
                disabled={!draft.mayEdit(["tagOverrides", name])}
                onClick={() => {
                  draft.set(["tagOverrides", name], undefined);
                  setAdded(before => before.filter(one => one !== name));
                }}
              >
                {t("Remove the group")}
              </button>
            </div>
          </details>
        )}
      </For>
    </Panel>
  );
}
