import { type Body, Machine, type MachineOptions } from "./machine.ts";
import type { GatewayPlan } from "./pmg-plan.ts";
import { answer, patternOf } from "./pmg-routes.ts";
import type { Refusal } from "./refusal.ts";
import { type Reply, refused } from "./reply.ts";

/** A mail gateway, alone or a cluster, in motion. */
export class MailGateway extends Machine {
  readonly plan: GatewayPlan;

  constructor(plan: GatewayPlan, common: Pick<MachineOptions, "seed" | "clock" | "book" | "tick">) {
    super({ product: "pmg", name: plan.name, nodes: plan.nodes.map(node => node.name), ...common });
    this.plan = plan;
  }

  answer(asked: string, path: string, search: URLSearchParams): Body {
    return answer(this, asked, path, search);
  }

  patternOf(path: string): string | null {
    return patternOf(path);
  }

  refuse(refusal: Pick<Refusal, "status" | "message" | "errors" | "after">): Reply {
    return refused(refusal, { jsonMessage: this.plan.version >= "8.2" });
  }

  greeting(): Record<string, unknown> {
    return { role: "audit" };
  }

  /** A count as this release gives it: older ones pass on the database's texts. */
  figure(count: number): number | string {
    return this.plan.version < "8" ? String(count) : count;
  }
}
