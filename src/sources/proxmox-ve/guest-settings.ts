import { toFlag, toRow } from "../../kit/fields.ts";
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

interface Asked extends GuestAddress {
  status: string;
}

/** How guests are configured: a call a guest, and a rare one. */
export class GuestSettings {
  readonly #errands: Errands;
  readonly #standing = new StandingErrands<Asked>(guest => this.#errandOf(guest));
  /** Whether a guest is started with its node, by id. */
  readonly #onboot = new Map<string, boolean>();

  constructor(errands: Errands) {
    this.#errands = errands;
  }

  errands(guests: readonly Facts<Guest>[], online: readonly string[]): Errand[] {
    const ids = new Set(guests.map(({ id }) => id));
    for (const id of this.#onboot.keys()) if (!ids.has(id)) this.#onboot.delete(id);
    const asked = guests.filter(
      ({ template, withheld, node }) => !template && !withheld && online.includes(node ?? ""),
    );
    return this.#standing.of(asked.map(guest => ({ ...toAddress(guest), status: guest.status ?? "" })));
  }

  /** Whether it is started with its node; null: not known yet. */
  isStarted({ id }: Facts<Guest>): boolean | null {
    return this.#onboot.get(id) ?? null;
  }

  #errandOf({ status, ...guest }: Asked): Errand {
    const { id, node } = guest;
    const path = `${pathOf(guest)}/config`;
    const look = async (ask: Ask, _: Instant, signal: AbortSignal) => {
      // Absent means off, as it does for Proxmox.
      this.#onboot.set(id, toFlag(toRow(await ask(path, node, signal))?.onboot));
    };
    const part = status === "running" ? id : `${id} ${status}`;
    return this.#errands.note({ scope: "guest-settings", part, node, interval: SETTINGS, look });
  }
}
