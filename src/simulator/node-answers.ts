import { DAY, GIB, MIB } from "../kit/units.ts";
import { ISSUED_FOR, toFingerprint } from "./certificate.ts";
import { toShare } from "./guest-answers.ts";
import type { Instance } from "./instance.ts";
import type { Release } from "./release.ts";
import { loadOf, type Node } from "./scene.ts";

/** A node in `GET /cluster/resources`. What is off has no figures; the newest releases have forgotten its size as well. */
export function toNodeRow(node: Node, release: Release): Record<string, unknown> {
  const { plan, online } = node;
  const identity = { id: `node/${plan.name}`, node: plan.name, type: "node", status: online ? "online" : "offline" };
  const size = { level: "", maxcpu: plan.cores, maxmem: plan.maxmem, maxdisk: plan.rootfs };
  if (!online) return { ...identity, ...(release.memhost ? {} : size) };
  return {
    ...identity,
    ...size,
    cpu: toShare(node.cpu),
    mem: node.mem,
    disk: node.disk,
    uptime: node.uptime,
    "cgroup-mode": 2,
  };
}

/** A node in `GET /nodes`: the same, with its fingerprint. */
export function toNodeListRow(node: Node, instance: Instance): Record<string, unknown> {
  const { "cgroup-mode": _, ...row } = toNodeRow(node, instance.plan.release);
  return { ...row, ssl_fingerprint: instance.certificateOf(node.plan.name).fingerprint };
}

/** `GET /nodes/{node}/status`. Several of its numbers are strings. */
export function toNodeStatus(node: Node, at: number, release: Release): Record<string, unknown> {
  const { plan } = node;
  const free = plan.maxmem - node.mem;
  const available = release.memoryAvailable ? { available: Math.min(plan.maxmem, free + 900 * MIB) } : {};
  return {
    uptime: node.uptime,
    cpu: toShare(node.cpu),
    wait: toShare(node.cpu * 0.03),
    idle: 0,
    loadavg: loadOf(node, at).map(load => load.toFixed(2)),
    memory: { total: plan.maxmem, used: node.mem, free, ...available },
    swap: { total: 8 * GIB, used: 12 * MIB, free: 8 * GIB - 12 * MIB },
    rootfs: toRootfs(node),
    ksm: { shared: 0 },
    cpuinfo: toCpuInfo(node),
    pveversion: `pve-manager/${release.version}/${release.repoid}`,
    kversion: `Linux ${release.kernel} #1 SMP PREEMPT_DYNAMIC PMX ${release.kernel}`,
    ...toKernel(release),
    "boot-info": { mode: "efi", secureboot: 0 },
  };
}

/** Filesystems keep a reserve: `used` and `avail` do not add up to `total`. */
function toRootfs(node: Node) {
  const total = node.plan.rootfs;
  return { total, used: node.disk, free: total - node.disk, avail: total - node.disk - Math.floor(total * 0.05) };
}

function toCpuInfo(node: Node) {
  const { cores: cpus } = node.plan;
  const sockets = cpus > 64 ? 2 : 1;
  return {
    model: cpus > 32 ? "AMD EPYC 7543P 32-Core Processor" : "Intel(R) Xeon(R) E-2388G CPU @ 3.20GHz",
    cpus,
    cores: Math.max(1, Math.floor(cpus / sockets / 2)),
    sockets,
    mhz: "3193.994",
    hvm: "1",
    user_hz: 100,
    flags: "fpu vme de pse tsc msr pae mce cx8 apic",
  };
}

/** Since 8.0; before there was only `kversion`. */
function toKernel(release: Release): Record<string, unknown> {
  if (release.release < "8") return {};
  const version = `#1 SMP PREEMPT_DYNAMIC PMX ${release.kernel}`;
  return { "current-kernel": { sysname: "Linux", release: release.kernel, version, machine: "x86_64" } };
}

/** `GET /nodes/{node}/certificates/info`: the cluster's CA first, then what the node shows. */
export function toCertificates(node: Node, instance: Instance): Record<string, unknown>[] {
  const { name } = node.plan;
  const { cert, fingerprint } = instance.certificateOf(name);
  const address = instance.addresses.get(name);
  const { from, until } = instance.validityOf(name);
  const dates = { notbefore: from / 1000, notafter: until / 1000 };
  // Proxmox makes it for ten years, when the cluster is made.
  const rootDates = { notbefore: from / 1000, notafter: (from + 3650 * DAY) / 1000 };
  const ca = "/CN=Proxmox Virtual Environment/OU=simulated/O=PVE Cluster Manager CA";
  const subject = `/OU=${ISSUED_FOR.unit}/O=${ISSUED_FOR.organization}/CN=${name}`;
  const root = toFingerprint(`${instance.seed}/${instance.plan.name}/ca`);
  return [
    { filename: "pve-root-ca.pem", fingerprint: root, subject: ca, issuer: ca, ...rootDates, san: [] },
    {
      filename: "pve-ssl.pem",
      fingerprint,
      subject,
      issuer: subject,
      ...dates,
      san: [address?.ip ?? "127.0.0.1", name, "localhost"],
      pem: cert,
      "public-key-type": "id-ecPublicKey",
      "public-key-bits": 256,
    },
  ];
}
