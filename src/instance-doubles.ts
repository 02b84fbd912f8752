import type { Instance } from "./model/instance.ts";
import type { InstanceSettings, Member } from "./model/instance-settings.ts";
import type { Picture } from "./model/picture.ts";
import type { Probe } from "./model/probe.ts";

/** What is known of the instances that are watched. */
interface Known {
  picture: Picture;
  members: (instance: string) => Member[];
}

/**
 * Why these settings lead to something that is watched already: the same address, the very certificate that is pinned for another
 * instance, or another member of the same cluster. null: it is new, or does not tell now.
 */
export function doubleOf(
  settings: InstanceSettings,
  seen: Probe,
  others: readonly InstanceSettings[],
  known: Known,
): string | null {
  for (const other of others.filter(({ type }) => type === settings.type)) {
    const why = sameness(settings, seen, other, known);
    if (why !== null) return `${why} "${other.title ?? other.name}" already`;
  }
  return null;
}

/**
 * Why `instance`, now that its members are known, is seen to be another one that is watched besides: pulse.yaml may name one cluster by
 * two of its members. null: it is not, or the other one tells.
 */
export function twinOf(instance: Instance, all: Picture["instances"]): string | null {
  const isAt = (one: Instance, host: string) => one.endpoints.some(({ url }) => url === host);
  const twin = Object.values(all).find(
    other =>
      other.id < instance.id &&
      other.type === instance.type &&
      isAt(instance, other.host) &&
      isAt(other, instance.host),
  );
  return twin
    ? `"${instance.name}" and "${twin.name}" are the same cluster: all of it is shown, and told, twice. Take one out`
    : null;
}

function sameness(settings: InstanceSettings, seen: Probe, other: InstanceSettings, known: Known): string | null {
  if (other.host === settings.host) return "this address is watched as";
  const instance = known.picture.instances[other.name];
  if (instance?.endpoints.some(({ url }) => url === settings.host))
    return "this is a member of a cluster that is watched as";
  const fingerprints = fingerprintsOf(other, known.members(other.name));
  const showsKnown = seen.fingerprint !== null && fingerprints.includes(seen.fingerprint);
  // A certificate that is pinned belongs to one server: one from an authority, which several may share, needs no pin.
  if (showsKnown) return "this server, by its certificate, is watched as";
  const { cluster } = seen;
  if (!cluster || !isSameCluster(cluster, other, known)) return null;
  // Clusters that are called alike, with nodes called alike, are two when the certificates of the one are known and this is none of them.
  return fingerprints.length > 0 && seen.fingerprint !== null
    ? null
    : `this is a member of cluster "${cluster.name}", which is watched as`;
}

function isSameCluster(cluster: NonNullable<Probe["cluster"]>, other: InstanceSettings, { picture }: Known): boolean {
  const nodes = Object.values(picture.nodes).flatMap(({ instance, node }) => (instance === other.name ? [node] : []));
  return picture.instances[other.name]?.clusterName === cluster.name && nodes.sort().join() === cluster.nodes.join();
}

/** The certificates by which a pinned instance and its members are known; empty when any trusted certificate will do for it. */
function fingerprintsOf({ trust }: InstanceSettings, members: readonly Member[]): string[] {
  if (trust.kind !== "fingerprint") return [];
  return [trust.sha256, ...members.flatMap(({ fingerprint }) => fingerprint ?? [])];
}
