import { type Row, toFlag, toNumber, toRow, toRows, toText } from "../kit/fields.ts";
import { type Instant, percentOf, round, SECOND } from "../kit/units.ts";
import type { ReportedContainer } from "../model/docker.ts";
import { clip, clipped } from "./clip.ts";
import type { Sample } from "./usage.ts";

/** What the engine's list says of a container. */
export type Listed = Pick<ReportedContainer, "id" | "name" | "image" | "state"> &
  Partial<Pick<ReportedContainer, "status" | "createdAt" | "imageId" | "ports" | "labels" | "networks">>;

/** What looking into a container says of it. */
export type Details = Partial<
  Pick<
    ReportedContainer,
    | "state"
    | "health"
    | "restartCount"
    | "exitCode"
    | "oomKilled"
    | "startedAt"
    | "finishedAt"
    | "mounts"
    | "restartPolicy"
    | "memoryLimitBytes"
  >
>;

/** Reads a row of `GET /containers/json`; null where it has no id. */
export function toListed(row: Row): Listed | null {
  const id = toText(row.Id);
  if (id === null) return null;
  const created = toNumber(row.Created);
  return {
    id: clip(id, 128),
    name: clip(toName(row.Names) ?? id.slice(0, 12), 256),
    image: clip(toText(row.Image) ?? "", 1024),
    state: clip(toText(row.State) ?? "unknown", 32),
    ...given("status", clipped(row.Status, 256)),
    ...given("createdAt", created === null || created <= 0 ? null : new Date(created * SECOND).toISOString()),
    ...given("imageId", clipped(row.ImageID, 128)),
    ports: (toRows(row.Ports) ?? []).flatMap(toPort).slice(0, 4096),
    labels: Object.fromEntries(
      Object.entries(toRow(row.Labels) ?? {}).filter((one): one is [string, string] => typeof one[1] === "string"),
    ),
    networks: Object.entries(toRow(toRow(row.NetworkSettings)?.Networks) ?? {})
      .slice(0, 1024)
      .map(toNetwork),
  };
}

/** A container has one name of its own, `/web`; Docker adds those that links gave it, `/other/alias`. */
function toName(names: unknown): string | null {
  const all = (Array.isArray(names) ? names : []).map(toText).filter(name => name !== null);
  const plain = all.map(name => name.replace(/^\//, ""));
  return plain.find(name => !name.includes("/")) ?? plain[0] ?? null;
}

function toPort(row: Row): NonNullable<ReportedContainer["ports"]> {
  const [inside, outside] = [toNumber(row.PrivatePort), toNumber(row.PublicPort)];
  if (inside === null) return [];
  const port = { privatePort: inside, protocol: clip(toText(row.Type) ?? "tcp", 16) };
  return [{ ...port, ...given("publicPort", outside || null), ...given("ip", clipped(row.IP, 64)) }];
}

function toNetwork([name, value]: [string, unknown]): NonNullable<ReportedContainer["networks"]>[number] {
  const row = toRow(value);
  return {
    name: clip(name, 1024),
    ...given("ipv4", clipped(row?.IPAddress, 64)),
    ...given("ipv6", clipped(row?.GlobalIPv6Address, 64)),
  };
}

/** Reads an answer of `GET /containers/ID/json`. */
export function toDetails(answer: unknown): Details {
  const row = toRow(answer) ?? {};
  const state = toRow(row.State) ?? {};
  const config = toRow(row.HostConfig) ?? {};
  const limit = toNumber(config.Memory);
  const health = toText(toRow(state.Health ?? state.Healthcheck)?.Status);
  return {
    ...given("state", clipped(state.Status, 32)),
    ...given("health", health === null || health === "none" ? null : clip(health, 32)),
    ...given("restartCount", toNumber(row.RestartCount)),
    ...given("exitCode", toNumber(state.ExitCode)),
    oomKilled: toFlag(state.OOMKilled),
    ...given("startedAt", toTime(state.StartedAt)),
    ...given("finishedAt", toTime(state.FinishedAt)),
    ...(Array.isArray(row.Mounts) ? { mounts: (toRows(row.Mounts) ?? []).slice(0, 1024).map(toMount) } : {}),
    ...given("restartPolicy", toRestartPolicy(toRow(config.RestartPolicy))),
    ...given("memoryLimitBytes", limit || null),
  };
}

/** Year 1 means never. */
function toTime(value: unknown): string | null {
  const text = toText(value);
  return text !== null && Date.parse(text) > 0 ? clip(text, 64) : null;
}

function toMount(row: Row): NonNullable<ReportedContainer["mounts"]>[number] {
  const type = toText(row.Type) ?? "bind";
  return {
    type: clip(type, 32),
    source: clip((type === "volume" ? toText(row.Name) : null) ?? toText(row.Source) ?? "", 4096),
    destination: clip(toText(row.Destination) ?? "", 4096),
    readOnly: row.RW === false,
  };
}

function toRestartPolicy(policy: Row | null): string | null {
  if (policy === null) return null;
  // Podman writes an empty name for none.
  const name = toText(policy.Name) ?? "no";
  const most = toNumber(policy.MaximumRetryCount) ?? 0;
  return clip(name === "on-failure" && most > 0 ? `${name}:${most}` : name, 64);
}

export interface ContainerParts {
  listed: Listed;
  /** {}: could not be read, now or before. */
  details: Details;
  sample: Sample | null;
  cpuPercent: number | null;
  imageCreatedAt: string | null;
  /** Bytes; null: not known. */
  hostMemory: number | null;
}

/** A container as it is reported `at` a time. What is not known is left out. */
export function toContainer(parts: ContainerParts, at: Instant): ReportedContainer {
  const { listed, details, sample, cpuPercent, imageCreatedAt, hostMemory } = parts;
  const { memoryLimitBytes: configured, ...told } = details;
  const all = { ...listed, ...told };
  const isRunning = all.state === "running" || all.state === "paused";
  const started = Date.parse(told.startedAt ?? "");
  const limit = sample?.memoryLimit ?? configured ?? null;
  // Where there is no limit, engines tell the host's whole memory, or with cgroup v1 a number beyond all bounds.
  const own = limit !== null && limit < (hostMemory ?? 2 ** 62) ? limit : null;
  const used = sample?.memoryUsed ?? null;
  const share = used === null ? null : percentOf(used, own ?? hostMemory ?? 0);
  return {
    ...all,
    ...given("cpuPercent", cpuPercent),
    ...given("memoryUsageBytes", used),
    ...given("memoryLimitBytes", own),
    ...given("memoryPercent", share),
    ...given("uptimeSeconds", isRunning && started > 0 ? Math.max(0, round((at - started) / SECOND, 0)) : null),
    ...given("imageCreatedAt", imageCreatedAt),
    ...given("networkRxBytes", sample?.received),
    ...given("networkTxBytes", sample?.sent),
    ...given("blockReadBytes", sample?.read),
    ...given("blockWriteBytes", sample?.written),
    ...given("pids", sample?.pids),
  };
}

/** The field, or nothing where its value is not known. */
function given<K extends string, V>(key: K, value: V | null | undefined): { [P in K]?: V } {
  return value === null || value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
