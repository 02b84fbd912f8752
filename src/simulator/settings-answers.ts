import { GIB, MIB } from "../kit/units.ts";
import { type Ask, guestOf, type Route } from "./route.ts";
import type { Guest, Scene } from "./scene.ts";
import type { StoragePlan } from "./storage-plan.ts";

/** How guests are configured, and what the HA manager says. */
export const SETTINGS_ROUTES: readonly Route[] = [
  { path: "/nodes/{node}/qemu/{vmid}/config", data: ask => toConfig(guestOf(ask, "qemu"), ask) },
  { path: "/nodes/{node}/lxc/{vmid}/config", data: ask => toConfig(guestOf(ask, "lxc"), ask) },
  { path: "/cluster/ha/status/current", local: true, data: toHaStatus },
];

/** Of guests that are off, every other one is meant to be on. Absent means off. */
function toConfig({ plan }: Guest, { instance }: Ask): Record<string, unknown> {
  const onboot = plan.template || (plan.status === "stopped" && plan.vmid % 2 === 0) ? {} : { onboot: 1 };
  const common = {
    cores: plan.cores,
    ...onboot,
    ...(plan.tags ? { tags: plan.tags } : {}),
    digest: "da39a3ee5e6b4b0d",
  };
  const storage = diskStorageOf(plan.vmid, instance.scene().plan.storages);
  const size = `size=${Math.max(1, Math.round(plan.maxdisk / GIB))}G`;
  const net0 = `virtio=BC:24:11:00:${hex(plan.vmid >> 8)}:${hex(plan.vmid)},bridge=vmbr0`;
  return plan.type === "lxc"
    ? {
        ...common,
        arch: "amd64",
        hostname: plan.name,
        memory: plan.maxmem / MIB,
        swap: 512,
        unprivileged: 1,
        rootfs: `${storage}:subvol-${plan.vmid}-disk-0,${size}`,
      }
    : {
        ...common,
        name: plan.name,
        memory: String(plan.maxmem / MIB),
        ostype: "l26",
        scsihw: "virtio-scsi-single",
        ide2: "none,media=cdrom",
        scsi0: `${storage}:vm-${plan.vmid}-disk-0,iothread=1,${size}`,
        net0,
      };
}

/** Every third guest lies on what is shared, if anything is. */
function diskStorageOf(vmid: number, storages: readonly StoragePlan[]): string {
  const able = storages.filter(
    ({ content, disabled, restricted }) => /rootdir/.test(content) && !disabled && !restricted,
  );
  const [own, shared] = [able.find(one => !one.shared), able.find(one => one.shared)];
  return (vmid % 3 === 0 ? (shared ?? own) : (own ?? shared))?.name ?? "local";
}

function hex(value: number): string {
  return (value & 255).toString(16).toUpperCase().padStart(2, "0");
}

/** A node that is off has told nothing for long; its services are being fenced. */
function toHaStatus({ instance, asked }: Ask): Record<string, unknown>[] {
  const scene = instance.scene();
  const services = scene.guests.filter(({ plan }) => plan.hastate !== null);
  const online = scene.nodes.filter(node => node.online);
  const quorate = online.length > scene.nodes.length / 2;
  const quorum = {
    id: "quorum",
    type: "quorum",
    node: asked,
    quorate: quorate ? 1 : "",
    status: quorate ? "OK" : "No quorum!",
  };
  if (services.length === 0) return [quorum];
  const at = new Date(scene.at).toUTCString();
  const master = online[0]?.plan.name ?? asked;
  return [
    quorum,
    { id: "master", type: "master", node: master, status: `${master} (active, ${at})` },
    ...scene.nodes.map(({ plan: { name }, online: on }) => ({
      id: `lrm:${name}`,
      type: "lrm",
      node: name,
      status: `${name} (${on ? lrmOf(scene, name) : "old timestamp - dead?"}, ${at})`,
    })),
    ...services.map(({ plan, node }) => {
      const sid = `${plan.type === "lxc" ? "ct" : "vm"}:${plan.vmid}`;
      const state = online.some(one => one.plan.name === node) ? plan.hastate : "fence";
      return { id: `service:${sid}`, type: "service", sid, node, state, crm_state: state, request_state: plan.hastate };
    }),
  ];
}

function lrmOf(scene: Scene, node: string): string {
  return scene.guests.some(guest => guest.node === node && guest.plan.hastate !== null) ? "active" : "idle";
}
