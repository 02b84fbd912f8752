import type { Instance } from "./instance.ts";
import { Refusal } from "./refusal.ts";
import type { Guest, Node } from "./scene.ts";

/** A GET as a route sees it. */
export interface Ask {
  instance: Instance;
  /** The node whose socket was asked. */
  asked: string;
  /** What stands in the path for `{name}`. */
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
}

/** null: fine; otherwise what Proxmox says is wrong. */
export type Check = (value: string) => string | null;

export interface Route {
  path: string;
  /** Every other parameter is refused. */
  query?: Readonly<Record<string, Check>>;
  /** The answer depends on which member is asked. */
  local?: true;
  /** The `data` of the answer… */
  data?: (ask: Ask) => unknown;
  /** …or all of it, serialised. */
  text?: (ask: Ask) => string;
}

export const FLAG: Check = value =>
  /^(0|1|on|off|yes|no|true|false)$/i.test(value) ? null : `type check ('boolean') failed - got '${value}'`;
export const INTEGER: Check = value =>
  /^-?\d+$/.test(value) ? null : `type check ('integer') failed - got '${value}'`;
export const oneOf =
  (list: readonly string[]): Check =>
  value =>
    list.includes(value) ? null : `value '${value}' does not have a value in the enumeration '${list.join(", ")}'`;

/** The node that the path names. Throws Refusal. */
export function nodeOf({ instance, params }: Ask): Node {
  const node = instance.scene().nodes.find(one => one.plan.name === params.node);
  if (!node) throw new Refusal(500, `no such node '${params.node}'`);
  return node;
}

/** The guest that the path names; one that moved or is gone has no configuration file on this node. Throws Refusal. */
export function guestOf({ instance, params }: Ask, type: Guest["plan"]["type"]): Guest {
  const { node, vmid } = params;
  const guest = instance
    .scene()
    .guests.find(one => one.plan.type === type && one.node === node && String(one.plan.vmid) === vmid);
  const folder = type === "qemu" ? "qemu-server" : "lxc";
  if (!guest) throw new Refusal(500, `Configuration file 'nodes/${node}/${folder}/${vmid}.conf' does not exist`);
  return guest;
}
