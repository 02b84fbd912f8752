import { createSignal, For, type JSX, Show } from "solid-js";
import type { DockerContainer, DockerHostFacts } from "../../model/docker.ts";
import { levelOf, portsOf, stateOf } from "../docker/docker-columns.tsx";
import { formatAgo, formatBytes, formatPercent, formatTime, formatUptime, UNKNOWN } from "../format/format.ts";
import { ask, isRefused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { Fact } from "../ui/drawer.tsx";
import { MEMORY_LIMITS, Meter } from "../ui/meter.tsx";
import { Age, NodeLink } from "./parts.tsx";

/** Everything known of a container. */
export function ContainerFacts(props: { container: DockerContainer; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const one = () => props.container;
  const host = () => live.picture().dockerHosts[one().hostId];
  const issues = () => host()?.issues.filter(({ container }) => container === one().id) ?? [];
  return (
    <>
      <Age entity={one()} />
      <For each={issues()}>{issue => <p class="form-problem">{issue.message}.</p>}</For>
      <dl class="facts">
        <Fact name="State">
          <span class={`status-word ${levelOf(one())}`}>{stateOf(one())}</span>{" "}
          <span class="muted">{one().status}</span>
        </Fact>
        <Fact name="Host">
          <NodeLink id={one().hostId} name={host()?.displayName ?? one().hostId} onShow={props.onShow} />
        </Fact>
        <Fact name="Image">{one().image}</Fact>
        <Show when={one().project}>{project => <Fact name="Project">{project()}</Fact>}</Show>
        <Fact name="Uptime">{formatUptime(one().uptimeSeconds)}</Fact>
        <Fact name="CPU">{formatPercent(one().cpuPercent)}</Fact>
        <Fact name="Memory">
          <Meter percent={one().memoryPercent} limits={MEMORY_LIMITS} />
          <span class="muted">
            {formatBytes(one().memoryUsageBytes)}
            {one().memoryLimitBytes === null ? ", no limit of its own" : ` of ${formatBytes(one().memoryLimitBytes)}`}
          </span>
        </Fact>
        <Fact name="Restarts">{one().restartCount}</Fact>
        <Show when={one().finishedAt}>
          {at => (
            <Fact name="Last ended">
              {formatAgo(at(), live.now())}, exit code {one().exitCode}
            </Fact>
          )}
        </Show>
        <Show when={one().createdAt}>{at => <Fact name="Made">{formatTime(at())}</Fact>}</Show>
        <Show when={one().ports.length > 0}>
          <Fact name="Ports">
            <For each={portsOf(one())}>{port => <span class="tag">{port}</span>}</For>
          </Fact>
        </Show>
        <For each={one().networks}>
          {network => (
            <Fact name={network.name}>{[network.ipv4, network.ipv6].filter(Boolean).join(", ") || UNKNOWN}</Fact>
          )}
        </For>
      </dl>
      <Show when={Object.keys(one().labels).length > 0}>
        <details class="form-more">
          <summary>Labels</summary>
          <dl class="facts">
            <For each={Object.entries(one().labels)}>{([name, value]) => <Fact name={name}>{value}</Fact>}</For>
          </dl>
        </details>
      </Show>
    </>
  );
}

/** Everything known of a Docker host, and the way to forget one that is gone. */
export function DockerHostDetails(props: { host: DockerHostFacts; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const host = () => props.host;
  const may = () => live.session()?.may.includes("write") ?? false;
  const [refused, setRefused] = createSignal<string | null>(null);
  const remove = async () => {
    const answer = await ask("DELETE", `api/agents/docker/hosts/${encodeURIComponent(host().id)}`);
    setRefused(isRefused(answer) ? answer.error : null);
  };
  return (
    <>
      <Age entity={host()} />
      <For each={host().issues}>
        {issue => (
          <p class="form-problem">
            {issue.name}: {issue.message}.
          </p>
        )}
      </For>
      <dl class="facts">
        <Fact name="Status">{host().status}</Fact>
        <Fact name="Name">{host().hostname}</Fact>
        <Fact name="System">{host().os ?? UNKNOWN}</Fact>
        <Fact name="Kernel">{host().kernelVersion ?? UNKNOWN}</Fact>
        <Fact name="Architecture">{host().architecture ?? UNKNOWN}</Fact>
        <Fact name="Engine">{host().dockerVersion ?? UNKNOWN}</Fact>
        <Fact name="CPUs">{host().cpus ?? UNKNOWN}</Fact>
        <Fact name="Memory">{formatBytes(host().totalMemoryBytes)}</Fact>
        <Fact name="Uptime">{formatUptime(host().uptimeSeconds)}</Fact>
        <Fact name="Agent">
          {host().agentVersion ?? UNKNOWN} <span class="muted">every {host().intervalSeconds} s</span>
        </Fact>
        <Show when={Math.abs(host().clockSkew ?? 0) > 60_000}>
          <Fact name="Clock">
            {Math.round(Math.abs(host().clockSkew ?? 0) / 60_000)} min{" "}
            {(host().clockSkew ?? 0) > 0 ? "ahead" : "behind"}
          </Fact>
        </Show>
      </dl>
      <Show when={host().recentExitCodes.length > 0}>
        <h3>Ended badly</h3>
        <dl class="facts">
          <For each={host().recentExitCodes.slice(0, 8)}>
            {exit => (
              <Fact name={<NodeLink id={exit.container} name={exit.name} onShow={props.onShow} />}>
                exit code {exit.exitCode}, {formatAgo(exit.at, live.now())}
              </Fact>
            )}
          </For>
        </dl>
      </Show>
      <Show when={host().status === "offline" && may()}>
        <p>
          <button type="button" class="button danger" onClick={() => void remove()}>
            Forget this host
          </button>
        </p>
        <p class="muted">It comes back when its agent reports again.</p>
        <Show when={refused()}>{why => <p class="form-problem">{why()}</p>}</Show>
      </Show>
    </>
  );
}
