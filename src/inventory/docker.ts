import { type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import { dockerPart } from "../model/ids.ts";
import type { DockerSeen } from "../model/observation.ts";
import { type Entities, entitiesOf, type Picture } from "../model/picture.ts";
import type { Draft } from "./draft.ts";

type Host = Entities["dockerHosts"];

/** A host that misses so many reports is offline. */
const MISSED = 4;

/** Takes in a report, which is complete: containers that it does not name are gone. */
export function seeDocker(draft: Draft, picture: Picture, { host, containers, at }: DockerSeen): void {
  const fresh = { stale: false, fault: null };
  if (picture.dockerHosts[host.id]) draft.set("dockerHosts", host.id, { ...host, ...fresh });
  else draft.add("dockerHosts", { ...host, ...fresh, lastSeen: at });
  const listed = new Set(containers.map(({ id }) => id));
  for (const container of containers)
    if (picture.dockerContainers[container.id]) draft.set("dockerContainers", container.id, { ...container, ...fresh });
    else draft.add("dockerContainers", { ...container, ...fresh, lastSeen: at });
  const part = dockerPart(host.id);
  for (const { id } of entitiesOf(picture, "dockerContainers", part))
    if (!listed.has(id)) draft.remove("dockerContainers", id);
  draft.seen("dockerHosts", part, at);
  if (containers.length > 0) draft.seen("dockerContainers", part, at);
}

/** Makes hosts that have been silent for too long by `now` offline, and what they told stale. Before `since` nobody could hear them. */
export function ageDocker(draft: Draft, picture: Picture, now: Instant, since: Instant): void {
  for (const host of Object.values(picture.dockerHosts)) {
    // One that was heard in the future was heard before the clock was set back.
    const heard = host.lastSeen > now + MINUTE ? since : Math.max(host.lastSeen, since);
    if (host.status === "offline" || now - heard <= silenceOf(host.intervalSeconds)) continue;
    setSilent(draft, picture, host, { status: "offline" });
  }
}

function setSilent(draft: Draft, picture: Picture, { id, hostname }: Host, more: Partial<Host>): void {
  const stale = { stale: true, fault: `No report from the agent on "${hostname}"` };
  draft.set("dockerHosts", id, { ...stale, ...more });
  for (const container of entitiesOf(picture, "dockerContainers", dockerPart(id)))
    draft.set("dockerContainers", container.id, stale);
}

/** What hosts told is stale until they report again. */
export function doubtDocker(draft: Draft, picture: Picture): void {
  for (const host of Object.values(picture.dockerHosts)) setSilent(draft, picture, host, {});
}

/** Removes a host and its containers. */
export function dismissDocker(draft: Draft, picture: Picture, id: string): void {
  for (const container of entitiesOf(picture, "dockerContainers", dockerPart(id)))
    draft.remove("dockerContainers", container.id);
  draft.remove("dockerHosts", id);
}

/** By the host's own interval, within half a minute and ten. */
function silenceOf(intervalSeconds: number): Millis {
  return Math.min(10 * MINUTE, Math.max(30 * SECOND, MISSED * intervalSeconds * SECOND));
}
