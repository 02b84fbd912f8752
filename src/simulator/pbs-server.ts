import { archivesOn } from "./backup-plan.ts";
import type { Instance } from "./instance.ts";
import { type Body, Machine, type MachineOptions } from "./machine.ts";
import type { BackupServerPlan, DatastorePlan, NamespacePlan } from "./pbs-plan.ts";
import { answer, patternOf } from "./pbs-routes.ts";
import type { Refusal } from "./refusal.ts";
import { type Reply, refusedBare } from "./reply.ts";

/** One Backup Server in motion. */
export class BackupServer extends Machine {
  readonly plan: BackupServerPlan;
  readonly #clusters: readonly Instance[];

  constructor(
    plan: BackupServerPlan,
    common: Pick<MachineOptions, "seed" | "clock" | "book" | "tick">,
    clusters: readonly Instance[],
  ) {
    super({ product: "pbs", name: plan.name, nodes: plan.nodes.map(node => node.name), ...common });
    this.plan = plan;
    this.#clusters = clusters;
  }

  answer(_asked: string, path: string, search: URLSearchParams): Body {
    return answer(this, path, search);
  }

  patternOf(path: string): string | null {
    return patternOf(path);
  }

  refuse(refusal: Pick<Refusal, "status" | "message" | "errors" | "after">): Reply {
    return refusedBare(refusal);
  }

  greeting(): Record<string, unknown> {
    return {};
  }

  /** The datastores that are there, with what lies in them now. */
  get datastores(): DatastorePlan[] {
    const gone = new Set(this.faults("datastore-removed").map(fault => fault.datastore));
    return this.plan.datastores
      .filter(({ name }) => !gone.has(name))
      .map(store => ({ ...store, namespaces: store.namespaces.map(namespace => this.#filled(namespace)) }));
  }

  /** A namespace that a cluster's storage writes to holds what that storage lists, and what is no guest's. */
  #filled(namespace: NamespacePlan): NamespacePlan {
    const cluster = this.#clusters.find(({ name }) => name === namespace.writer);
    const storage = cluster?.plan.storages.find(({ plugintype }) => plugintype === "pbs");
    if (!cluster || !storage) return namespace;
    const runs = Map.groupBy(archivesOn(cluster.scene(), storage, ""), ({ guest }) => String(guest.vmid));
    const groups = namespace.groups.flatMap(group => {
      if (group.type === "host") return [group];
      const times = runs.get(group.id)?.map(({ start }) => start) ?? [];
      return times.length === 0 ? [] : [{ ...group, times: times.toSorted((a, b) => b - a) }];
    });
    return { ...namespace, groups };
  }

  /** How a datastore is out of service; null: it is in service. */
  maintenanceOf(datastore: string): "offline" | "read-only" | null {
    return this.faults("datastore-maintenance").find(fault => fault.datastore === datastore)?.mode ?? null;
  }
}
