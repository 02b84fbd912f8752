import { createSignal, For, type JSX, Show } from "solid-js";
import { MINUTE } from "../../kit/units.ts";
import type { DockerHostFacts } from "../../model/docker.ts";
import { removeDockerHost } from "../docker/docker-api.ts";
import { engineOf } from "../docker/host-columns.tsx";
import { formatAgo, formatDuration } from "../format/format.ts";
import { isRefused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { AskingButton } from "../security/asking.tsx";
import { Secret } from "../security/secret.tsx";
import { createToken } from "../security/security-api.ts";
import { Problem } from "../ui/form-end.tsx";
import { Panel } from "../ui/panel.tsx";
import { compareNames } from "../ui/sort.ts";
import { EmptyState, OnlyFor } from "../ui/states.tsx";
import { StatusDot } from "../ui/status.tsx";
import { Said } from "../words/said.tsx";
import { t, told } from "../words/words.ts";
import { toInstallCommand } from "./install-command.ts";

/** The hosts that report through an agent, and how another one comes to. */
export function DockerAgents(): JSX.Element {
  const live = useLive();
  const may = (right: "admin" | "write") => live.session()?.may.includes(right) ?? false;
  const [token, setToken] = createSignal<string | null>(null);
  const [insecure, setInsecure] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  const hosts = () =>
    Object.values(live.picture().dockerHosts).toSorted((a, b) => compareNames(a.displayName, b.displayName));
  const add = async () => {
    const day = new Date(live.now()).toISOString().slice(0, 10);
    const made = await createToken({ name: t("Docker agent, {day}", { day }), scopes: ["agent"], expires: null });
    setProblem(isRefused(made) ? made.error : null);
    setToken(isRefused(made) ? null : made.token);
  };
  return (
    <Panel
      id="docker-agents"
      help={t(
        "The agent asks its engine for lists and figures, and for nothing else. It reports by itself, so nothing on the host has to be reachable from here. A host that has missed four reports counts as offline.",
      )}
      docs="docker#installing-the-agent"
      title={t("Docker agents")}
      count={String(hosts().length)}
      tools={
        <Show when={may("admin")}>
          <button type="button" class="button primary push" onClick={() => void add()}>
            {token() === null ? t("Add a Docker host") : t("Make another command")}
          </button>
        </Show>
      }
    >
      <Problem why={problem()} />
      <Show when={token()}>
        {token => (
          <div class="form wide">
            <p>
              {t(
                "On the Docker host, as root. The command holds a new token that may report and nothing else; it serves any number of hosts, and is listed under Security, where it can be revoked.",
              )}
            </p>
            <Secret label={t("The command")} text={toInstallCommand(location.href, token(), insecure())} />
            <Show when={location.protocol === "https:"}>
              <label class="check">
                <input
                  type="checkbox"
                  checked={insecure()}
                  onChange={event => setInsecure(event.currentTarget.checked)}
                />
                {t("The host does not know the authority of this server's certificate: take any")}
              </label>
            </Show>
            <p class="hint">
              <Said
                text={t(
                  "The same command without its token upgrades the agent; with {option} at its end it removes it.",
                )}
                parts={{ option: <code>--uninstall</code> }}
              />
            </p>
          </div>
        )}
      </Show>
      <ul class="instances">
        <For each={hosts().map(({ id }) => id)}>
          {id => (
            <Show when={live.picture().dockerHosts[id]}>{host => <AgentLine host={host()} may={may("write")} />}</Show>
          )}
        </For>
      </ul>
      <Show when={hosts().length === 0}>
        <EmptyState
          icon="lxc"
          title={t("No Docker host reports yet")}
          text={t(
            "An agent on the host tells of its containers. One command installs it, and the host is here within a minute.",
          )}
        />
      </Show>
      <OnlyFor right="admin" text={t("Only an administrator can add a Docker host.")} />
    </Panel>
  );
}

function AgentLine(props: { host: DockerHostFacts; may: boolean }): JSX.Element {
  const live = useLive();
  const facts = () =>
    [
      props.host.agentVersion === null
        ? t("agent of unknown version")
        : t("agent {version}", { version: props.host.agentVersion }),
      t("every {duration}", { duration: formatDuration(props.host.intervalSeconds * 1000) }),
      engineOf(props.host),
      props.host.lastSeen === 0
        ? t("has not reported since Pulse started")
        : t("reported {ago}", { ago: formatAgo(props.host.lastSeen, live.now()) }),
    ].join(" · ");
  const warnings = () => [
    ...(props.host.status === "offline"
      ? [props.host.fault ? told(props.host.fault) : t("It does not report any more")]
      : []),
    ...props.host.issues.flatMap(({ kind, message }) => (kind === "identity" ? [told(message)] : [])),
    ...clockWarning(props.host),
    ...props.host.warnings,
  ];
  return (
    <li class="instance">
      <StatusDot status={props.host.status} />
      <div class="instance-text">
        <strong>{props.host.displayName}</strong>
        <p class="muted">{facts()}</p>
        <For each={warnings()}>{text => <p class="form-problem">{text}</p>}</For>
      </div>
      <Show when={props.may}>
        <AskingButton
          label={t("Remove")}
          question={t("It comes back when its agent reports anew.")}
          confirm={t("Remove")}
          does={() => removeDockerHost(props.host.id)}
          onDone={() => {}}
        />
      </Show>
    </li>
  );
}

function clockWarning({ clockSkew }: DockerHostFacts): string[] {
  if (clockSkew === null || Math.abs(clockSkew) <= MINUTE) return [];
  const duration = formatDuration(Math.abs(clockSkew));
  return [
    clockSkew > 0
      ? t("Its clock is {duration} ahead", { duration })
      : t("Its clock is {duration} behind", { duration }),
  ];
}
