import { type Row, toFlag, toRow } from "../../kit/fields.ts";
import { HOUR, type Instant, type Millis } from "../../kit/units.ts";
import type { Guest } from "../../model/guest.ts";
import type { Facts } from "../../model/observation.ts";
import type { Errand } from "./agenda.ts";
import type { Ask } from "./ask.ts";
import type { Errands } from "./errands.ts";
import { type GuestAddress, pathOf, toAddress } from "./guest-address.ts";
import { StandingErrands } from "./standing-errands.ts";

/** Settings rarely change; one that stops is asked at once, because then it matters whether it was meant to run. */
const SETTINGS: Millis = 6 * HOUR;

/** A disk of a VM or a mount point of a container; "unused0" is attached to nothing. */
const DISK = /^(?:ide|sata|scsi|virtio|efidisk|tpmstate|mp)\d+$|^rootfs$/;
/** `local-zfs:vm-100-disk-0,size=32G`; a path of the host or "none" names no storage. */
const ON_STORAGE = /^([A-Za-z][\w.-]*):/;

/** What a guest's configuration tells; null: not known yet. */
type Settings = Pick<Guest, "onboot" | "storages">;
const UNKNOWN: Settings = { onboot: null, storages: null };

interface Asked extends GuestAddress {
  status: string;
}

/** How guests are configured: a call a guest, and a rare one. */
export class GuestSettings {
  readonly #errands: Errands;
  readonly #standing = new StandingErrands<Asked>(guest => this.#errandOf(guest));
  /** By the guest's id. */
  readonly #known = new Map<string, Settings>();

  constructor(errands: Errands) {
    this.#errands = errands;
  }

  errands(guests: readonly Facts<Guest>[], online: readonly string[]): Errand[] {
    const ids = new Set(guests.map(({ id }) => id));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
    const asked = guests.filter(
      ({ template, withheld, node }) => !template && !withheld && online.includes(node ?? ""),
    );
    return this.#standing.of(asked.map(guest => ({ ...toAddress(guest), status: guest.status ?? "" })));
  }

  of({ id }: Facts<Guest>): Settings {
    return this.#known.get(id) ?? UNKNOWN;
  }

  #errandOf({ status, ...guest }: Asked): Errand {
    const { id, node } = guest;
    const look = async (ask: Ask, _: Instant, signal: AbortSignal) => {
      this.#known.set(id, toSettings(toRow(await ask(`${pathOf(guest)}/config`, node, signal)) ?? {}));
    };
    const part = status === "running" ? id : `${id} ${status}`;
    return this.#errands.note({ scope: "guest-settings", part, node, interval: SETTINGS, look });
  }
}

/** Absent means off, as it does for Proxmox. An image in a drive is no disk of the guest. */
export function toSettings(row: Row): Settings {
  const disks = Object.entries(row).flatMap(([key, value]) =>
    DISK.test(key) && typeof value === "string" && !value.includes("media=cdrom") ? [value] : [],
  );
  const storages = disks.flatMap(disk => ON_STORAGE.exec(disk)?.[1] ?? []);
  return { onboot: toFlag(row.onboot), storages: [...new Set(storages)].sort() };
}
