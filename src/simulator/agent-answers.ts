import { type Bytes, KIB, MIB } from "../kit/units.ts";
import { diceOf } from "./dice.ts";
import { systemOf, toFsinfo } from "./guest-filesystems.ts";
import { Refusal } from "./refusal.ts";
import { type Ask, guestOf, type Route } from "./route.ts";
import type { Guest } from "./scene.ts";

/** How a guest's agent is: not configured; configured, but not running inside; or answering. */
type AgentState = "none" | "off" | "on";
/** Releases and configurations differ in whether there is an agent; in some guests nobody ever installed it. */
function agentOf({ plan: { vmid, type } }: Guest): AgentState {
  if (type === "lxc" || Math.floor(vmid / 4) % 3 === 0) return "none";
  return vmid % 11 === 7 ? "off" : "on";
}

export const AGENT_ROUTES: readonly Route[] = [
  {
    path: "/nodes/{node}/qemu/{vmid}/agent/get-fsinfo",
    data: ask => ({ result: toFsinfo(agent(ask, "guest-get-fsinfo")) }),
  },
  {
    path: "/nodes/{node}/qemu/{vmid}/agent/get-osinfo",
    data: ask => ({ result: toOsinfo(agent(ask, "guest-get-osinfo")) }),
  },
  {
    path: "/nodes/{node}/qemu/{vmid}/agent/network-get-interfaces",
    data: ask => ({ result: toInterfaces(agent(ask, "guest-network-get-interfaces")) }),
  },
  {
    path: "/nodes/{node}/qemu/{vmid}/agent/file-read",
    query: { file: () => null },
    data: toFile,
  },
  { path: "/nodes/{node}/lxc/{vmid}/interfaces", data: ask => toContainerInterfaces(guestOf(ask, "lxc")) },
];

/** The guest, once it is known that its agent answers. Throws Refusal with the words of Proxmox. */
function agent(ask: Ask, command: string): Guest {
  const guest = guestOf(ask, "qemu");
  const { vmid } = guest.plan;
  if (agentOf(guest) === "none") throw new Refusal(500, "No QEMU guest agent configured");
  if (guest.status === "stopped") throw new Refusal(500, `VM ${vmid} is not running`);
  const hung = ask.instance.faults("agent-hangs").find(fault => fault.vmid === vmid);
  if (hung)
    throw new Refusal(500, `VM ${vmid} qmp command '${command}' failed - got timeout`, null, hung.delay ?? 3_000);
  const off = agentOf(guest) === "off" || ask.instance.faults("agent-stopped").some(fault => fault.vmid === vmid);
  if (off || guest.status === "paused") throw new Refusal(500, "QEMU guest agent is not running");
  return guest;
}

/** Since 9 reading files is a privilege of its own, which a monitor does not have. */
function toFile(ask: Ask): Record<string, unknown> {
  if (ask.instance.plan.release.release >= "9")
    throw new Refusal(
      403,
      `Permission check failed (/vms/${ask.params.vmid}, VM.GuestAgent.FileRead|VM.GuestAgent.Unrestricted)`,
    );
  const guest = agent(ask, "guest-file-open");
  if (systemOf(guest) === "windows" || systemOf(guest) === "opnsense")
    throw new Refusal(500, `can't open '${ask.query.file}': No such file or directory`);
  const total = Math.floor(guest.plan.maxmem * 0.975);
  const available = Math.max(0, total - Math.floor(guest.mem * 0.72));
  const free = Math.max(0, total - guest.mem);
  const line = (name: string, bytes: Bytes) =>
    `${`${name}:`.padEnd(16)}${String(Math.floor(bytes / KIB)).padStart(8)} kB\n`;
  const content = [
    line("MemTotal", total),
    line("MemFree", free),
    line("MemAvailable", available),
    line("Buffers", 41 * MIB),
    line("Cached", Math.max(0, available - free)),
  ].join("");
  return { content, "bytes-read": content.length };
}

function toOsinfo(guest: Guest): Record<string, unknown> {
  switch (systemOf(guest)) {
    case "windows":
      return {
        id: "mswindows",
        name: "Microsoft Windows",
        "pretty-name": "Windows Server 2022 Standard",
        version: "Microsoft Windows Server 2022",
        "version-id": "2022",
        "kernel-version": "20348",
        machine: "x86_64",
      };
    case "opnsense":
      return { "kernel-release": "14.2-RELEASE-p2", "kernel-version": "FreeBSD 14.2-RELEASE-p2", machine: "amd64" };
    case "haos":
      return {
        id: "haos",
        name: "Home Assistant OS",
        "pretty-name": "Home Assistant OS 14.2",
        version: "14.2 (x86-64 / ova)",
        "version-id": "14.2",
        "kernel-release": "6.6.73-haos",
        machine: "x86_64",
      };
    case "ubuntu":
      return {
        id: "ubuntu",
        name: "Ubuntu",
        "pretty-name": "Ubuntu 24.04.1 LTS",
        version: "24.04.1 LTS (Noble Numbat)",
        "version-id": "24.04",
        "kernel-release": "6.8.0-51-generic",
        machine: "x86_64",
      };
    default:
      return {
        id: "debian",
        name: "Debian GNU/Linux",
        "pretty-name": "Debian GNU/Linux 12 (bookworm)",
        version: "12 (bookworm)",
        "version-id": "12",
        "kernel-release": "6.1.0-28-amd64",
        machine: "x86_64",
      };
  }
}

/** An address of its own in the estate's network. */
function addressOf({ plan: { vmid } }: Guest): string {
  return `10.20.${Math.floor(vmid / 250) % 250}.${(vmid % 250) + 2}`;
}

function macOf({ plan: { vmid } }: Guest): string {
  const dice = diceOf("mac", vmid);
  const byte = () =>
    Math.floor(dice.share() * 256)
      .toString(16)
      .padStart(2, "0");
  return `bc:24:11:${byte()}:${byte()}:${byte()}`;
}

function toInterfaces(guest: Guest): Record<string, unknown>[] {
  const windows = systemOf(guest) === "windows";
  const v4 = (address: string, prefix: number) => ({ "ip-address-type": "ipv4", "ip-address": address, prefix });
  const statistics = {
    "rx-bytes": guest.netin,
    "tx-bytes": guest.netout,
    "rx-packets": Math.floor(guest.netin / 900),
    "tx-packets": Math.floor(guest.netout / 900),
    "rx-errs": 0,
    "tx-errs": 0,
    "rx-dropped": 0,
    "tx-dropped": 0,
  };
  const loopback = windows ? "Loopback Pseudo-Interface 1" : "lo";
  return [
    {
      name: loopback,
      "ip-addresses": [v4("127.0.0.1", 8)],
      ...(windows ? {} : { "hardware-address": "00:00:00:00:00:00", statistics }),
    },
    {
      name: windows ? "Ethernet" : "eth0",
      "hardware-address": macOf(guest),
      "ip-addresses": [
        v4(addressOf(guest), 16),
        { "ip-address-type": "ipv6", "ip-address": `fe80::be24:11ff:fe${guest.plan.vmid.toString(16)}`, prefix: 64 },
      ],
      statistics,
    },
    ...(guest.plan.tags.includes("web")
      ? [
          { name: "docker0", "hardware-address": "02:42:5c:00:00:01", "ip-addresses": [v4("172.17.0.1", 16)] },
          { name: "veth1a2b3c" },
        ]
      : []),
  ];
}

/** Newer releases list addresses beside the single one of old. */
function toContainerInterfaces(guest: Guest): Record<string, unknown>[] | null {
  if (guest.status !== "running") return null;
  return [
    { name: "lo", hwaddr: "00:00:00:00:00:00", inet: "127.0.0.1/8", inet6: "::1/128" },
    {
      name: "eth0",
      hwaddr: macOf(guest).toUpperCase(),
      inet: `${addressOf(guest)}/16`,
      inet6: "fe80::be24:11ff:fe00:1/64",
    },
  ];
}
