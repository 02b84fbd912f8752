import type { Guest } from "../../model/guest.ts";
import type { Facts } from "../../model/observation.ts";

/** Who a guest is and where it can be asked. */
export interface GuestAddress {
  id: string;
  node: string;
  type: Guest["type"];
  vmid: number;
}

export function toAddress({ id, node = "", type = "qemu", vmid = 0 }: Facts<Guest>): GuestAddress {
  return { id, node, type, vmid };
}

/** Where the API has it. */
export function pathOf({ node, type, vmid }: Omit<GuestAddress, "id">): string {
  return `/nodes/${encodeURIComponent(node)}/${type}/${vmid}`;
}
