import { MIB, percentOf, round, SECOND } from "../../kit/units.ts";
import type { Guest } from "../../model/guest.ts";
import { guestId, nodeId } from "../../model/ids.ts";
import type { WatchedInstance } from "../../model/instance-settings.ts";
import type { Facts, ResourcesSeen } from "../../model/observation.ts";
import { randomNumbers } from "../../test/random-numbers.ts";

export const BUSY: WatchedInstance = {
  name: "busy",
  type: "pve",
  host: "https://10.0.0.1:8006",
  credentials: { kind: "token", id: "a@pve!b", secret: "c" },
  trust: { kind: "any" },
  interval: 10 * SECOND,
};

/**
 * What a cluster with much to do says every ten seconds. Nine of ten guests run; all of these have other CPU, uptime and memory (whole
 * pages) each time, four of five other rates, containers a filling disk.
 */
export class BusyEstate {
  readonly #random = randomNumbers(7);
  readonly #guests: Facts<Guest>[];
  readonly #nodes: string[];

  readonly #instance: string;

  /** `instance`: its name. */
  constructor(guests: number, instance = BUSY.name) {
    this.#instance = instance;
    this.#nodes = Array.from({ length: Math.ceil(guests / 50) }, (_, at) => `pve${at + 1}`);
    this.#guests = Array.from({ length: guests }, (_, at) => this.#newGuest(at));
  }

  look(at: number): ResourcesSeen {
    for (const guest of this.#guests) if (guest.status === "running") this.#move(guest);
    const nodes = this.#nodes.map(node => ({
      id: nodeId(this.#instance, node),
      node,
      name: node,
      instance: this.#instance,
      status: "online" as const,
      cpu: round(this.#random(), 4),
      uptime: Math.floor(at / SECOND) % 1e7,
      withheld: null,
    }));
    const guests = this.#guests.map(guest => ({ ...guest }));
    const seen = { kind: "seen", scope: "resources", instance: this.#instance } as const;
    return { ...seen, at, took: 100, interval: BUSY.interval, nodes, guests, storages: [], endpoints: [] };
  }

  #newGuest(at: number): Facts<Guest> {
    const total = 1024 * MIB * 2 ** Math.floor(this.#random() * 5);
    const vmid = 100 + at;
    return {
      id: guestId(this.#instance, vmid),
      vmid,
      instance: this.#instance,
      name: `${["web", "db", "mail", "build", "cache"][at % 5]}-${vmid}`,
      node: this.#nodes[at % this.#nodes.length] ?? "pve1",
      type: at % 3 === 0 ? "lxc" : "qemu",
      status: this.#random() < 0.9 ? "running" : "stopped",
      cpus: 4,
      maxmem: total,
      maxdisk: 32 * 1024 * MIB,
      uptime: Math.floor(this.#random() * 1e7),
      memory: measure(total, Math.floor(total * 0.3)),
      disk: at % 3 === 0 ? measure(32 * 1024 * MIB, Math.floor(this.#random() * 1e10)) : null,
      tags: at % 2 === 0 ? "prod,linux" : null,
      template: false,
      withheld: null,
    };
  }

  #move(guest: Facts<Guest>): void {
    const total = guest.maxmem ?? 0;
    const used = Math.min(total, (guest.memory?.used ?? 0) + Math.floor((this.#random() - 0.5) * 2000) * 4096);
    guest.cpu = round(this.#random() ** 3, 4);
    guest.uptime = (guest.uptime ?? 0) + 10;
    guest.memory = measure(total, Math.max(0, used));
    guest.mem = guest.memory.used;
    if (this.#random() < 0.8) {
      guest.networkIn = Math.floor(this.#random() ** 2 * 1e6);
      guest.networkOut = Math.floor(this.#random() ** 2 * 1e6);
      guest.diskRead = this.#random() < 0.5 ? 0 : Math.floor(this.#random() * 1e6);
      guest.diskWrite = Math.floor(this.#random() * 1e6);
    }
    if (guest.disk && this.#random() < 0.3)
      guest.disk = measure(guest.disk.total, (guest.disk.used ?? 0) + Math.floor(this.#random() * 100) * 4096);
  }
}

function measure(total: number, used: number) {
  return { total, used, free: total - used, usage: percentOf(used, total) ?? 0, source: "guest-meminfo" as const };
}
