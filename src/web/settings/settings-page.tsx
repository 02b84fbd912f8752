import "./settings.css";
import { createEffect, createMemo, createSignal, For, type JSX, Match, on, Show, Switch } from "solid-js";
import { PRODUCTS } from "../../model/instance-settings.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { SecuritySection } from "../security/security-section.tsx";
import { ById } from "../ui/by-id.tsx";
import { DocsLink } from "../ui/docs-link.tsx";
import { Problem } from "../ui/form-end.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { EmptyState, NoRight, OnlyFor } from "../ui/states.tsx";
import { StatusDot } from "../ui/status.tsx";
import { createUrlState, mayLeave } from "../ui/url-state.ts";
import { plural, t, told } from "../words/words.ts";
import { AppPanel } from "./app-panel.tsx";
import { ArchivePanel } from "./archive-panel.tsx";
import { BackupSection } from "./backup-section.tsx";
import { ClusterSection, readCluster } from "./cluster-section.tsx";
import { Diagnostics } from "./diagnostics.tsx";
import { DockerAgents } from "./docker-agents.tsx";
import { GuestLinks } from "./guest-links.tsx";
import { InstanceForm } from "./instance-form.tsx";
import { type Configured, readInstances, removeInstance } from "./instances-api.ts";
import { MockPanel, readMock } from "./mock-panel.tsx";
import { PageSection } from "./page-section.tsx";
import { isForAdmins, sectionsFor } from "./sections.ts";
import { SetupCommand } from "./setup-command.tsx";
import { SystemSection } from "./system-section.tsx";
import { UpdatesSection } from "./updates-section.tsx";

/** No instance is called so: an id has no blank. */
const BY_COMMAND = "by command";

/** The settings, a section at a time. */
export function SettingsPage(): JSX.Element {
  const live = useLive();
  const [section, setSection] = createUrlState("section");
  const isAdmin = () => live.session()?.may.includes("admin") ?? false;
  const isHidden = () => !isAdmin() && isForAdmins(section());
  const shown = () => sectionsFor(live.session());
  let bar: HTMLFieldSetElement | undefined;
  createEffect(
    on(section, () =>
      bar?.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "center" }),
    ),
  );
  return (
    <div class="overview narrow">
      <h1 class="visually-hidden">{t("Settings")}</h1>
      <fieldset ref={bar} class="segments sections">
        <legend class="visually-hidden">{t("Which settings")}</legend>
        <For each={shown()}>
          {({ key, name }) => (
            <button
              type="button"
              aria-pressed={section() === key}
              onClick={() => mayLeave() && setSection(key, "push")}
            >
              {name}
            </button>
          )}
        </For>
      </fieldset>
      <Switch fallback={<Instances />}>
        <Match when={isHidden()}>
          <section class="panel">
            <NoRight what={t("Only an administrator can see this part of the settings")} />
          </section>
        </Match>
        <Match when={section() === "docker"}>
          <DockerAgents />
        </Match>
        <Match when={section() === "links"}>
          <GuestLinks />
        </Match>
        <Match when={section() === "security"}>
          <SecuritySection />
        </Match>
        <Match when={section() === "system"}>
          <SystemSection />
          <Show when={isAdmin()}>
            <ArchivePanel />
          </Show>
          <Show when={!live.session()?.several}>
            <MockPanel may={isAdmin()} />
          </Show>
        </Match>
        <Match when={section() === "backup" && isAdmin()}>
          <BackupSection />
        </Match>
        <Match when={section() === "cluster" && live.session()?.several}>
          <ClusterSection />
        </Match>
        <Match when={section() === "updates"}>
          <UpdatesSection />
        </Match>
        <Match when={section() === "page"}>
          <PageSection />
          <AppPanel />
        </Match>
        <Match when={section() === "diagnostics" && isAdmin()}>
          <Diagnostics />
        </Match>
      </Switch>
      <p class="settings-foot">
        <DocsLink place="index" says={t("Documentation")} />
      </p>
    </div>
  );
}

/** What Pulse watches, and how to change that. */
function Instances(): JSX.Element {
  const live = useLive();
  // Read again whenever an instance comes, goes, or is otherwise than before.
  const changes = () =>
    Object.values(live.picture().instances)
      .map(({ id, name, status, fault, endpoints }) => [id, name, status, fault?.message, endpoints.length].join(" "))
      .join("\n");
  const instances = createReading(readInstances, { whenever: [createMemo(changes)] });
  const mock = createReading(readMock);
  /** The id of the instance whose form is open; "" for that of a new one. */
  const [open, setOpen] = createSignal<string | null>(null);
  const isSeveral = () => live.session()?.several ?? false;
  const cluster = createReading(async () => (isSeveral() ? await readCluster() : null), {
    key: () => String(isSeveral()),
    whenever: [open],
  });
  /** Where edges watch; null: this Pulse watches itself. */
  const sites = () => (isSeveral() ? (cluster.told()?.sites ?? []) : null);
  const may = () => live.session()?.may.includes("admin") ?? false;
  const saved = () => {
    setOpen(null);
    instances.again();
  };
  const listed = () => instances.told() ?? [];
  return (
    <Panel
      id="instances"
      help={t(
        "Pulse only reads: on Proxmox VE a user with the role PVEAuditor is enough, and one address of a cluster leads to the others. What it may not see is shown as missing; the rest works on.",
      )}
      docs="configuration#instances-on-the-page"
      title={t("Instances")}
      count={String(listed().length)}
      tools={
        <Show when={may() && open() === null && listed().length > 0}>
          <button type="button" class="button" onClick={() => setOpen(BY_COMMAND)}>
            {t("By a command on the server")}
          </button>
          <button type="button" class="button primary" onClick={() => setOpen("")}>
            {t("Add an instance")}
          </button>
        </Show>
      }
    >
      <Show when={open() === ""}>
        <InstanceForm before={null} sites={sites()} onSaved={saved} onCancel={() => setOpen(null)} />
      </Show>
      <Show when={open() === BY_COMMAND}>
        <SetupCommand sites={sites()} onClose={() => setOpen(null)} />
      </Show>
      <Loaded reading={instances} what={t("The server does not tell now what it watches")} lines={4} kind="table">
        {known => (
          <ul class="instances">
            <ById each={known()} idOf={({ id }) => id}>
              {(instance, id) => (
                <li>
                  <Show
                    when={open() === id}
                    fallback={
                      <InstanceLine
                        instance={instance()}
                        may={may()}
                        isMadeUp={mock.told()?.enabled ?? false}
                        onChange={() => setOpen(id)}
                        onRemoved={saved}
                      />
                    }
                  >
                    <InstanceForm before={instance()} sites={sites()} onSaved={saved} onCancel={() => setOpen(null)} />
                  </Show>
                </li>
              )}
            </ById>
          </ul>
        )}
      </Loaded>
      <Show when={instances.told()?.length === 0 && open() === null}>
        <EmptyState
          icon="node"
          title={t("Pulse watches nothing yet")}
          text={t(
            "Add a Proxmox VE, a Backup Server or a Mail Gateway: by its address and a token, or by a command that makes both on the server.",
          )}
        >
          <Show when={may()}>
            <button type="button" class="button primary" onClick={() => setOpen("")}>
              {t("Add an instance")}
            </button>
            <button type="button" class="button" onClick={() => setOpen(BY_COMMAND)}>
              {t("By a command on the server")}
            </button>
          </Show>
        </EmptyState>
      </Show>
      <OnlyFor right="admin" text={t("Only an administrator can change what Pulse watches.")} />
    </Panel>
  );
}

function lockedText({ site }: Configured, isMadeUp: boolean): string {
  if (isMadeUp) return t("made up");
  return site === undefined ? t("set in pulse.yaml") : t("set in the pulse.yaml of an edge");
}

function InstanceLine(props: {
  instance: Configured;
  may: boolean;
  /** It is part of the made-up estate. */
  isMadeUp: boolean;
  onChange: () => void;
  onRemoved: () => void;
}): JSX.Element {
  const [asked, setAsked] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  const remove = async () => {
    const said = await removeInstance(props.instance.id);
    if ("error" in said) setProblem(said.error);
    else props.onRemoved();
  };
  const live = useLive();
  const status = () => live.picture().instances[props.instance.id]?.status ?? "connecting";
  /** Nobody knows of them until it has been looked at. */
  const cluster = () => {
    const { clusterName: name, clusterEndpoints: members } = props.instance;
    if (!name) return "";
    if (members.length === 0) return `, ${t("cluster {name}", { name })}`;
    return `, ${t("cluster {name} of {nodes}", { name, nodes: plural(members.length, "node") })}`;
  };
  return (
    <div class="instance">
      <StatusDot status={status()} />
      <div class="instance-text">
        <strong>{props.instance.name}</strong>{" "}
        <span class="muted">
          {t("{product} at {host}", { product: PRODUCTS[props.instance.type].title, host: props.instance.host })}
          {cluster()}
        </span>{" "}
        <Show when={props.instance.site}>{site => <span class="tag">{t("site {site}", { site: site() })}</span>}</Show>
        <Show when={props.instance.error}>{error => <p class="form-problem">{told(error())}</p>}</Show>
        <Problem why={problem()} />
      </div>
      <Switch>
        <Match when={props.instance.locked}>
          <span class="muted">{lockedText(props.instance, props.isMadeUp)}</span>
        </Match>
        <Match when={props.may && asked()}>
          <span>{t("Watch it no longer?")}</span>
          <button type="button" class="button danger" onClick={() => void remove()}>
            {t("Remove")}
          </button>
          <button type="button" class="button quiet" onClick={() => setAsked(false)}>
            {t("Keep")}
          </button>
        </Match>
        <Match when={props.may}>
          <button type="button" class="button" onClick={() => props.onChange()}>
            {t("Change")}
          </button>
          <button type="button" class="button quiet" onClick={() => setAsked(true)}>
            {t("Remove")}
          </button>
        </Match>
      </Switch>
    </div>
  );
}
