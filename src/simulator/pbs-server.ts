import { type Body, Machine, type MachineOptions } from "./machine.ts";
import type { BackupServerPlan } from "./pbs-plan.ts";
import { answer, patternOf } from "./pbs-routes.ts";
import type { Refusal } from "./refusal.ts";
import { type Reply, refusedBare } from "./reply.ts";

/** One Backup Server in motion. */
export class BackupServer extends Machine {
  readonly plan: BackupServerPlan;

  constructor(plan: BackupServerPlan, common: Pick<MachineOptions, "seed" | "clock" | "book" | "tick">) {
    super({ product: "pbs", name: plan.name, nodes: plan.nodes.map(node => node.name), ...common });
    this.plan = plan;
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

  /** How a datastore is out of service; null: it is in service. */
  maintenanceOf(datastore: string): "offline" | "read-only" | null {
    return this.faults("datastore-maintenance").find(fault => fault.datastore === datastore)?.mode ?? null;
  }
}
