import type { ResourceType } from "../../model/alert.ts";
import type { Picture } from "../../model/picture.ts";
import { tagsOf } from "../format/format.ts";
import { guestsOf } from "../overview/rows.ts";

/** What can have thresholds of its own. */
export interface Resource {
  id: string;
  name: string;
  kind: ResourceType;
  /** Where it is. */
  place: string;
  tags: readonly string[];
}

/** Everything that can have thresholds of its own. */
export function resourcesOf(picture: Picture): Resource[] {
  const one = (
    kind: ResourceType,
    id: string,
    name: string,
    place: string,
    tags: readonly string[] = [],
  ): Resource => ({
    kind,
    id,
    name,
    place,
    tags,
  });
  return [
    ...Object.values(picture.nodes).map(node => one("node", node.id, node.displayName, node.instance)),
    ...guestsOf(picture)
      .filter(({ template }) => !template)
      .map(guest => one("guest", guest.id, `${guest.name} (${guest.vmid})`, guest.node, tagsOf(guest))),
    ...Object.values(picture.storage).map(storage =>
      one("storage", storage.id, storage.name, storage.shared ? storage.instance : storage.node),
    ),
    ...Object.values(picture.physicalDisks).map(disk =>
      one("disk", disk.id, `${disk.devPath} ${disk.model}`, disk.node),
    ),
    ...Object.values(picture.cephClusters).map(ceph => one("ceph", ceph.id, ceph.name, ceph.instance)),
    ...Object.values(picture.pbs).flatMap(server => [
      one("pbs", server.id, server.name, server.instance),
      ...server.datastores.map(store => one("datastore", store.id, store.name, server.name)),
    ]),
    ...Object.values(picture.pmg).map(gateway => one("pmg", gateway.id, gateway.name, gateway.instance)),
    ...Object.values(picture.dockerHosts).map(host => one("docker-host", host.id, host.displayName, "")),
    ...Object.values(picture.dockerContainers).map(container =>
      one("docker-container", container.id, container.name, picture.dockerHosts[container.hostId]?.displayName ?? ""),
    ),
  ];
}
