import { toFlag, toNumber, toRows, toText } from "../../kit/fields.ts";
import { nodeId, storageId } from "../../model/ids.ts";
import type { Facts } from "../../model/observation.ts";
import type { Storage } from "../../model/storage.ts";
import type { ZfsPool } from "../../model/zfs.ts";
import { isShared } from "./resources.ts";

/** A storage as `GET /storage` has it configured. */
export interface StorageConfig {
  storage: string;
  type: string;
  content: string;
  shared: boolean;
  disabled: boolean;
  /** null: on all nodes. */
  nodes: readonly string[] | null;
  /** Of type zfspool: the pool, without the dataset that may follow it. */
  zfsPool: string | null;
}

/** A storage as `GET /nodes/{node}/storage` has it on one node. */
export interface NodeStorage {
  active: boolean;
  avail: number | null;
}

/** What is known of storages beside their rows in the resources. */
export interface StorageKnowledge {
  /** null: not asked yet. */
  configs: readonly StorageConfig[] | null;
  /** By node, then by name. */
  onNode: ReadonlyMap<string, ReadonlyMap<string, NodeStorage>>;
  pools: ReadonlyMap<string, readonly ZfsPool[]>;
}

/** Translates `GET /storage`. Flags that are not set are absent, and types shared by nature do not say so. */
export function toStorageConfigs(data: unknown): StorageConfig[] {
  return (toRows(data) ?? []).flatMap(row => {
    const storage = toText(row.storage);
    const type = toText(row.type) ?? "";
    if (storage === null) return [];
    return {
      storage,
      type,
      content: toText(row.content) ?? "",
      shared: isShared(toFlag(row.shared), type),
      disabled: toFlag(row.disable),
      nodes: toText(row.nodes)?.split(/[, ]+/) ?? null,
      zfsPool: type === "zfspool" ? (toText(row.pool)?.split("/")[0] ?? null) : null,
    };
  });
}

/** Translates `GET /nodes/{node}/storage`; what is switched off or not for this node is listed with zeros, and left out here. */
export function toNodeStorages(data: unknown): Map<string, NodeStorage> {
  const rows = (toRows(data) ?? []).filter(row => toFlag(row.enabled));
  return new Map(
    rows.flatMap(row => {
      const storage = toText(row.storage);
      const total = toNumber(row.total) ?? 0;
      if (storage === null) return [];
      return [[storage, { active: toFlag(row.active), avail: total > 0 ? toNumber(row.avail) : null }]];
    }),
  );
}

/** The storages of the resources, completed by what else is known of them, and those that are switched off, which resources leave out. */
export function withKnowledge(
  facts: readonly Facts<Storage>[],
  known: StorageKnowledge,
  instance: string,
  nodes: readonly string[],
): Facts<Storage>[] {
  const byName = new Map(known.configs?.map(config => [config.storage, config]));
  const listed = facts.map(one => completed(one, known, byName.get(one.storage ?? "")));
  const ids = new Set(listed.map(({ id }) => id));
  const off = [...byName.values()].filter(({ disabled }) => disabled);
  return [...listed, ...off.flatMap(one => toDisabled(one, instance, nodes)).filter(({ id }) => !ids.has(id))];
}

function completed(facts: Facts<Storage>, known: StorageKnowledge, config: StorageConfig | undefined): Facts<Storage> {
  const mounted = (facts.nodes ?? []).flatMap(node => known.onNode.get(node)?.get(facts.storage ?? "") ?? []);
  const there = mounted.find(({ active }) => active);
  const avail = facts.withheld ? undefined : (there?.avail ?? undefined);
  const pools = (facts.nodes ?? []).flatMap(node => known.pools.get(node) ?? []);
  const zfsPool = config?.zfsPool ? (pools.find(({ name }) => name === config.zfsPool) ?? null) : null;
  return {
    ...facts,
    ...(avail === undefined ? {} : { avail, free: avail }),
    ...(mounted.length > 0 && !there ? { active: false } : {}),
    enabled: config ? !config.disabled : (facts.enabled ?? true),
    zfsPool,
  };
}

function toDisabled(config: StorageConfig, instance: string, all: readonly string[]): Facts<Storage>[] {
  const { storage, type, content, shared } = config;
  const nodes = (config.nodes ?? all).filter(node => all.includes(node)).toSorted();
  const homes = shared ? [{ node: "shared", nodes }] : nodes.map(node => ({ node, nodes: [node] }));
  return homes.map(home => ({
    id: storageId(instance, storage, shared ? null : home.node),
    storage,
    name: storage,
    instance,
    ...home,
    nodeIds: home.nodes.map(node => nodeId(instance, node)),
    nodeCount: home.nodes.length,
    type,
    content,
    shared,
    enabled: false,
    active: false,
    status: "disabled",
    total: null,
    used: null,
    avail: null,
    free: null,
    usage: null,
    withheld: null,
  }));
}
