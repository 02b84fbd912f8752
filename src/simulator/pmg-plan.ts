import { DAY, HOUR, MINUTE } from "../kit/units.ts";
import { diceOf } from "./dice.ts";
import type { MailGatewayOptions, PmgVersion } from "./options.ts";
import { bump, noise, type Signal, sum } from "./signal.ts";

export interface GatewayNode {
  name: string;
  cid: number;
  role: "master" | "node" | "-";
}

export interface GatewayPlan {
  name: string;
  version: PmgVersion;
  nodes: readonly GatewayNode[];
  guests: readonly never[];
  /** Incoming mails an hour, rejected ones among them. */
  traffic: Signal;
}

/** Draws a mail gateway; the same options give the same plan. Throws RangeError for one without nodes. */
export function planGateway(seed: string, { name, nodes, version = "8.2" }: MailGatewayOptions): GatewayPlan {
  if (nodes < 1) throw new RangeError(`Cannot build "${name}" of ${nodes} nodes`);
  const dice = diceOf(seed, name, "mail");
  const traffic = sum(noise(160, 0.4, [5 * HOUR, 70 * MINUTE], dice), bump(420, DAY, 10 * HOUR));
  const members = Array.from({ length: nodes }, (_, index) => ({
    name: nodes === 1 ? name : `${name}${index + 1}`,
    cid: index + 1,
    role: nodes === 1 ? ("-" as const) : index === 0 ? ("master" as const) : ("node" as const),
  }));
  return { name, version, nodes: members, guests: [], traffic };
}
