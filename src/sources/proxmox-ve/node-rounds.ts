import { toText } from "../../kit/fields.ts";
import { DAY, type Instant, MINUTE, type Millis } from "../../kit/units.ts";
import { nodeId } from "../../model/ids.ts";
import type { Memory } from "../../model/measures.ts";
import type { Node } from "../../model/node.ts";
import type { Facts, Whole } from "../../model/observation.ts";
import type { PhysicalDisk } from "../../model/physical-disk.ts";
import type { ZfsPool, ZfsPoolFacts } from "../../model/zfs.ts";
import type { Errand } from "./agenda.ts";
import type { Ask } from "./ask.ts";
import { toCertificateEnd } from "./cluster-status.ts";
import { toNvme, toPhysicalDisks, toTemperature } from "./disks.ts";
import { type Errands, unlessBug } from "./errands.ts";
import { Notebook } from "./notebook.ts";
import type { Resources } from "./resources.ts";
import {
  type NodeStorage,
  type StorageConfig,
  toNodeStorages,
  toStorageConfigs,
  withKnowledge,
} from "./storage-config.ts";
import { toZfsList, toZfsPool } from "./zfs.ts";

const DISKS: Millis = 5 * MINUTE;
const ZFS: Millis = 5 * MINUTE;
const STORAGES: Millis = MINUTE;
const CONFIG: Millis = 5 * MINUTE;
const CERTIFICATES: Millis = DAY / 2;
/** SMART values are read of that many disks at a time, in turn: reading them is work for the disk. */
const SMART_AT_ONCE = 4;
/** Memory told longer ago is not the present one. */
const MEMORY_LIFE: Millis = 90_000;

/** What only nodes know: their disks, ZFS pools, certificates, and how storages are there. */
export class NodeRounds {
  readonly #errands: Errands;
  readonly #temperatures = new Map<string, Map<string, { degrees: number | null; at: Instant }>>();
  readonly #nvme = new Map<string, Node["temperature"]>();
  readonly #pools = new Notebook<ZfsPoolFacts[]>(ZFS);
  readonly #certificates = new Notebook<number | null>(CERTIFICATES);
  readonly #memory = new Map<string, { memory: Memory | null; at: Instant }>();
  readonly #onNode = new Notebook<Map<string, NodeStorage>>(STORAGES);
  #configs: StorageConfig[] | null = null;

  constructor(errands: Errands) {
    this.#errands = errands;
  }

  /** How storages are configured; null: not known yet. */
  get configs(): readonly StorageConfig[] | null {
    return this.#configs;
  }

  /** What the status of a node told; that look has its own loop. */
  keepMemory(node: string, memory: Memory | null, at: Instant): void {
    this.#memory.set(node, { memory, at });
  }

  errands(online: readonly string[], all: readonly string[]): Errand[] {
    for (const kept of [this.#temperatures, this.#nvme, this.#memory])
      for (const node of kept.keys()) if (!all.includes(node)) kept.delete(node);
    for (const notes of [this.#pools, this.#certificates, this.#onNode]) notes.keep(all);
    const [first] = online;
    const settings = first === undefined ? [] : [this.#settings(first)];
    return [...settings, ...online.flatMap(node => this.#errandsOf(node))];
  }

  /** `stretch`: how many times as long as planned a round takes. */
  completed(resources: Resources, at: Instant, stretch: number): Resources {
    const { instance } = this.#errands.options;
    const names = resources.nodes.flatMap(({ node }) => node ?? []);
    const pools = new Map(names.map(node => [node, this.#poolsOf(node, at, stretch) ?? []]));
    const known = { configs: this.#configs, onNode: this.#storagesOn(names, at, stretch), pools };
    return {
      ...resources,
      nodes: resources.nodes.map(node => this.#completedNode(node, at, stretch)),
      storages: withKnowledge(resources.storages, known, instance, names),
    };
  }

  /** The pools of a node, each as old as the look that told it; null: nobody has told. */
  #poolsOf(node: string, at: Instant, stretch: number): ZfsPool[] | null {
    const note = this.#pools.read(node, at, stretch);
    if (!note) return null;
    const { stale, fault } = note;
    return note.value.map(pool => ({ ...pool, lastSeen: note.at, stale, fault }));
  }

  /** How storages are on the nodes that told it lately: of the others the cluster's own list is newer. */
  #storagesOn(nodes: readonly string[], at: Instant, stretch: number): Map<string, Map<string, NodeStorage>> {
    const notes = nodes.map(node => [node, this.#onNode.read(node, at, stretch)] as const);
    return new Map(notes.flatMap(([node, note]) => (note && !note.stale ? [[node, note.value]] : [])));
  }

  #completedNode(facts: Facts<Node>, at: Instant, stretch: number): Facts<Node> {
    const node = facts.node ?? "";
    const told = this.#memory.get(node);
    const certificate = this.#certificates.read(node, at, stretch);
    const memory = told && at - told.at <= MEMORY_LIFE && facts.status === "online" ? told.memory : null;
    return {
      ...facts,
      ...(memory ? { memory, mem: memory.used, maxmem: memory.total } : {}),
      temperature: this.#nvme.get(node) ?? null,
      zfsPools: this.#poolsOf(node, at, stretch),
      certificateExpires: certificate && !certificate.stale ? certificate.value : null,
    };
  }

  #settings(node: string): Errand {
    const { instance } = this.#errands.options;
    const look = async (ask: Ask, _: Instant, signal: AbortSignal) => {
      this.#configs = toStorageConfigs(await ask("/storage", node, signal));
    };
    return this.#errands.note({ scope: "storage-settings", part: instance, node, interval: CONFIG, look });
  }

  #errandsOf(node: string): Errand[] {
    const path = `/nodes/${encodeURIComponent(node)}`;
    const { instance } = this.#errands.options;
    return [
      this.#errands.part({
        scope: "disks",
        part: nodeId(instance, node),
        node,
        interval: DISKS,
        look: async (ask, at, signal) => ({ physicalDisks: await this.#disks(path, node, ask, at, signal) }),
      }),
      this.#errands.note({
        scope: "storages",
        part: nodeId(instance, node),
        node,
        interval: STORAGES,
        look: async (ask, at, signal) => {
          await this.#onNode.write(node, at, async () => toNodeStorages(await ask(`${path}/storage`, node, signal)));
        },
      }),
      this.#errands.note({
        scope: "zfs",
        part: nodeId(instance, node),
        node,
        interval: ZFS,
        look: async (ask, at, signal) => {
          await this.#pools.write(node, at, () => readPools(path, node, ask, signal));
        },
      }),
      this.#errands.note({
        scope: "certificates",
        part: nodeId(instance, node),
        node,
        interval: CERTIFICATES,
        look: async (ask, at, signal) => {
          const url = `${path}/certificates/info`;
          await this.#certificates.write(node, at, async () => toCertificateEnd(await ask(url, node, signal)));
        },
      }),
    ];
  }

  async #disks(path: string, node: string, ask: Ask, at: Instant, signal: AbortSignal): Promise<Whole<PhysicalDisk>[]> {
    const { instance } = this.#errands.options;
    const data = await ask(`${path}/disks/list`, node, signal);
    const disks = toPhysicalDisks(data, instance, node, at);
    const known = this.#temperatures.get(node) ?? new Map<string, { degrees: number | null; at: Instant }>();
    const devices = new Set(disks.map(({ devPath }) => devPath));
    for (const device of known.keys()) if (!devices.has(device)) known.delete(device);
    this.#temperatures.set(node, known);
    const turn = [...devices].sort((a, b) => (known.get(a)?.at ?? 0) - (known.get(b)?.at ?? 0));
    for (const device of turn.slice(0, SMART_AT_ONCE)) {
      const smart = await ask(`${path}/disks/smart?disk=${encodeURIComponent(device)}`, node, signal).catch(unlessBug);
      known.set(device, { degrees: toTemperature(smart), at });
    }
    const told = disks.map(disk => ({ ...disk, temperature: known.get(disk.devPath)?.degrees ?? null }));
    this.#nvme.set(node, toNvme(told, at));
    return told;
  }
}

/** The pools of a node; one that does not tell its devices is known by what the list says. */
async function readPools(path: string, node: string, ask: Ask, signal: AbortSignal): Promise<ZfsPoolFacts[]> {
  const pools: ZfsPoolFacts[] = [];
  for (const row of toZfsList(await ask(`${path}/disks/zfs`, node, signal))) {
    const name = toText(row.name) ?? "";
    const detail = await ask(`${path}/disks/zfs/${encodeURIComponent(name)}`, node, signal).catch(unlessBug);
    pools.push(toZfsPool(detail, row));
  }
  return pools;
}
