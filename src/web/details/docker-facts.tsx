import { For, type JSX, Show } from "solid-js";
import type { DockerContainer, DockerHostFacts } from "../../model/docker.ts";
import { memoryPercentOf } from "../../model/docker-memory.ts";
import { levelOf, memoryOf, portsOf, stateOf } from "../docker/container-columns.tsx";
import { removeDockerHost } from "../docker/docker-api.ts";
import { engineOf } from "../docker/host-columns.tsx";
import {
  formatAge,
  formatAgo,
  formatBytes,
  formatDuration,
  formatNumber,
  formatRate,
  formatTime,
  formatUptime,
  UNKNOWN,
} from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { AskingButton } from "../security/asking.tsx";
import { Fact } from "../ui/drawer.tsx";
import { CPU_LIMITS, MEMORY_LIMITS, Meter } from "../ui/meter.tsx";
import { stateName } from "../words/states.ts";
import { plural, t, told } from "../words/words.ts";
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
      <For each={issues()}>{issue => <p class="form-problem">{told(issue.message)}.</p>}</For>
      <dl class="facts">
        <Fact name={t("State")}>
          <span class={`status-word ${levelOf(one())}`}>{stateOf(one())}</span>{" "}
          <span class="muted">{one().status}</span>
        </Fact>
        <Fact name={t("Host")}>
          <NodeLink id={one().hostId} name={host()?.displayName ?? one().hostId} onShow={props.onShow} />
        </Fact>
        <Show when={one().project}>
          {project => (
            <Fact name={t("Project")}>
              {project()} <span class="muted">{one().service}</span>
            </Fact>
          )}
        </Show>
        <Fact name={t("Image")}>
          {one().image}{" "}
          <Show when={one().imageCreatedAt}>
            {at => (
              <span class="muted" title={one().imageId ?? undefined}>
                {t("built {at} ago", { at: formatAge(at(), live.now()) })}
              </span>
            )}
          </Show>
        </Fact>
        <Fact name={t("Uptime")}>{formatUptime(one().uptimeSeconds)}</Fact>
        <Fact name={t("CPU")}>
          <Meter percent={one().cpuPercent} limits={CPU_LIMITS} full={100 * (host()?.cpus ?? 1)} />
          <span class="muted">
            {host()?.cpus ? t("of one CPU; the host has {cpus}", { cpus: host()?.cpus }) : t("of one CPU")}
          </span>
        </Fact>
        <Fact name={t("Memory")}>
          <Meter percent={one().memoryPercent} limits={MEMORY_LIMITS} />
          <span class="muted">{memoryOf(one())}</span>
        </Fact>
        <Fact name={t("Network")}>
          {t("{networkIn} in, {networkOut} out", {
            networkIn: formatRate(one().networkIn),
            networkOut: formatRate(one().networkOut),
          })}
        </Fact>
        <Fact name={t("Disk I/O")}>
          {t("{diskRead} read, {diskWrite} written", {
            diskRead: formatRate(one().diskRead),
            diskWrite: formatRate(one().diskWrite),
          })}
        </Fact>
        <Show when={one().pids !== null}>
          <Fact name={t("Processes")}>{one().pids}</Fact>
        </Show>
        <Fact name={t("Restarts")}>
          {one().restartCount} <span class="muted">{policyOf(one())}</span>
        </Fact>
        <Show when={one().finishedAt}>
          {at => (
            <Fact name={t("Last ended")}>
              {t("{at}, exit code {exitCode}", { at: formatAgo(at(), live.now()), exitCode: one().exitCode })}
            </Fact>
          )}
        </Show>
        <Show when={one().createdAt}>{at => <Fact name={t("Made")}>{formatTime(at())}</Fact>}</Show>
        <Show when={one().ports.length > 0}>
          <Fact name={t("Ports")}>
            <For each={portsOf(one())}>{port => <span class="tag">{port}</span>}</For>
          </Fact>
        </Show>
        <For each={one().networks}>
          {network => (
            <Fact name={network.name}>{[network.ipv4, network.ipv6].filter(Boolean).join(", ") || UNKNOWN}</Fact>
          )}
        </For>
      </dl>
      <Show when={one().mounts.length > 0}>
        <h3>{t("Mounts")}</h3>
        <dl class="facts">
          <For each={one().mounts}>
            {mount => (
              <Fact name={mount.destination}>
                {mount.source || mount.type}{" "}
                <span class="muted">
                  {mount.type}
                  {mount.readOnly ? `, ${t("read-only")}` : ""}
                </span>
              </Fact>
            )}
          </For>
        </dl>
      </Show>
      <Show when={Object.keys(one().labels).length > 0}>
        <details class="form-more">
          <summary>{t("Labels")}</summary>
          <dl class="facts">
            <For each={Object.entries(one().labels)}>{([name, value]) => <Fact name={name}>{value}</Fact>}</For>
          </dl>
        </details>
      </Show>
    </>
  );
}

/** What becomes of it when it ends; nothing where that is not known. */
function policyOf({ restartPolicy }: DockerContainer): string {
  if (restartPolicy === null) return "";
  return restartPolicy === "no" || restartPolicy === ""
    ? t("is not started again")
    : t("started again: {restartPolicy}", { restartPolicy });
}

/** "5m 0s ahead"; `skew`: ms. */
function clockText(skew: number): string {
  const duration = formatDuration(Math.abs(skew));
  return skew > 0 ? t("{duration} ahead", { duration }) : t("{duration} behind", { duration });
}

/** Everything known of a Docker host, and the way to forget one that is gone. */
export function DockerHostDetails(props: { host: DockerHostFacts; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const host = () => props.host;
  const may = () => live.session()?.may.includes("write") ?? false;
  return (
    <>
      <Age entity={host()} />
      <For each={host().issues}>
        {issue => (
          <p class="form-problem">
            {issue.name}: {told(issue.message)}.
          </p>
        )}
      </For>
      <For each={host().warnings}>
        {warning => <p class="form-problem">{t("Its agent says: {warning}", { warning })}</p>}
      </For>
      <dl class="facts">
        <Fact name={t("Status")}>{stateName(host().status)}</Fact>
        <Fact name={t("Name")}>{host().hostname}</Fact>
        <Fact name={t("System")}>{host().os ?? UNKNOWN}</Fact>
        <Fact name={t("Kernel")}>{host().kernelVersion ?? UNKNOWN}</Fact>
        <Fact name={t("Architecture")}>{host().architecture ?? UNKNOWN}</Fact>
        <Fact name={t("Engine")}>{engineOf(host())}</Fact>
        <Show when={host().swarmNodeId}>{id => <Fact name={t("Swarm node")}>{id()}</Fact>}</Show>
        <Fact name={t("CPU")}>
          <Meter percent={host().cpuPercent} limits={CPU_LIMITS} />
          <span class="muted">
            {host().cpus === null ? "" : t("of {what}", { what: plural(host().cpus ?? 0, "CPU") })}
            {host().measured === "host" ? "" : `, ${t("its containers together")}`}
          </span>
        </Fact>
        <Fact name={t("Memory")}>
          <Meter percent={memoryPercentOf(host())} limits={MEMORY_LIMITS} />
          <span class="muted">
            {t("{used} of {total}", {
              used: formatBytes(host().memoryUsedBytes),
              total: formatBytes(host().totalMemoryBytes),
            })}
            {host().measured === "host" ? "" : `, ${t("its containers together")}`}
          </span>
        </Fact>
        <Show when={host().loadAverage}>
          {load => (
            <Fact name={t("Load")}>
              {load()
                .map(one => formatNumber(one, 2))
                .join(", ")}
            </Fact>
          )}
        </Show>
        <Fact name={t("Uptime")}>{formatUptime(host().uptimeSeconds)}</Fact>
        <Fact name={t("Agent")}>
          {host().agentVersion ?? UNKNOWN}{" "}
          <span class="muted">
            {t("every {duration}", { duration: formatDuration(host().intervalSeconds * 1000) })}
          </span>
        </Fact>
        <Fact name={t("Agent id")}>{host().agentId}</Fact>
        <Show when={Math.abs(host().clockSkew ?? 0) > 60_000}>
          <Fact name={t("Clock")}>{clockText(host().clockSkew ?? 0)}</Fact>
        </Show>
      </dl>
      <Show when={host().recentExitCodes.length > 0}>
        <h3>{t("Ended badly")}</h3>
        <dl class="facts">
          <For each={host().recentExitCodes.slice(0, 8)}>
            {exit => (
              <Fact name={<NodeLink id={exit.container} name={exit.name} onShow={props.onShow} />}>
                {t("exit code {exitCode}, {at}", { exitCode: exit.exitCode, at: formatAgo(exit.at, live.now()) })}
              </Fact>
            )}
          </For>
        </dl>
      </Show>
      <Show when={host().status === "offline" && may()}>
        <p>
          <AskingButton
            label={t("Remove this host")}
            question={t("It comes back when its agent reports anew.")}
            confirm={t("Remove")}
            does={() => removeDockerHost(host().id)}
            onDone={() => {}}
          />
        </p>
      </Show>
    </>
  );
}
