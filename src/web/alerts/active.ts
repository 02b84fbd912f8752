import type { Alert } from "../../model/alert.ts";
import type { Picture } from "../../model/picture.ts";

/** The alerts that fire. */
export function alertsOf(picture: Picture): Alert[] {
  return Object.values(picture.activeAlerts);
}

/** What the details of an alert's resource are opened by; null: there are none. */
export function shownBy(
  alert: Pick<Alert, "resourceId" | "resourceType" | "instance">,
  picture: Picture,
): string | null {
  const { resourceId: id, resourceType } = alert;
  if (resourceType === "datastore")
    return Object.values(picture.pbs).find(({ datastores }) => datastores.some(store => store.id === id))?.id ?? null;
  const known = [
    picture.nodes,
    picture.vms,
    picture.containers,
    picture.storage,
    picture.physicalDisks,
    picture.cephClusters,
    picture.pbs,
    picture.dockerHosts,
    picture.dockerContainers,
  ].some(entities => Object.hasOwn(entities, id));
  return known || resourceType === "zfs-pool" ? id : null;
}
