import { DAY, GIB, HOUR, type Instant, MINUTE } from "../kit/units.ts";
import { diceOf } from "./dice.ts";
import type { PmgAsk } from "./pmg-routes.ts";
import type { MailGateway } from "./pmg-server.ts";
import { noise, signalAt } from "./signal.ts";

export function toVersion({ plan: { version } }: MailGateway) {
  return { version: `${version}.1`, release: version, repoid: "e0b7ac73" };
}

export function toNodes(gateway: MailGateway): Record<string, unknown>[] {
  return gateway.nodes.map(node => ({ node, type: "node" }));
}

/**
 * `GET /config/cluster/status`: the members with what each says of itself, or why it could not be asked. A gateway on its own is listed
 * only on request, with "-" where a member has something.
 */
export function toClusterStatus({ gateway, query }: PmgAsk): Record<string, unknown>[] {
  const { nodes } = gateway.plan;
  const alone = nodes.length === 1;
  if (alone && !/^(1|on|yes|true)$/i.test(query.list_single_node ?? "")) return [];
  return nodes.map(({ name, cid, role }) => {
    const secret = alone ? "-" : gateway.certificateOf(name).fingerprint;
    const basics = {
      cid,
      name,
      type: role,
      ip: gateway.addresses.get(name)?.ip ?? "127.0.0.1",
      hostrsapubkey: alone ? "-" : "AAAAB3NzaC1yc2E",
      rootrsapubkey: alone ? "-" : "AAAAB3NzaC1yc2E",
      fingerprint: secret,
    };
    if (!gateway.isOn(name)) return { ...basics, conn_error: "500 Can't connect to peer: No route to host\n" };
    return { ...basics, ...toNodeStatus(gateway, name) };
  });
}

const MEMORY = 8 * GIB;

/** `GET /nodes/{node}/status`. The load comes as texts. */
export function toNodeStatus(gateway: MailGateway, node: string): Record<string, unknown> {
  const dice = diceOf(gateway.seed, gateway.name, node);
  const cpu = signalAt(noise(0.08, 0.6, [2 * HOUR, 9 * MINUTE], dice), gateway.at);
  const used = Math.floor(MEMORY * (0.4 + cpu));
  return {
    uptime: Math.floor((gateway.at % (dice.between(20, 80) * DAY)) / 1000),
    cpu,
    wait: 0.001,
    loadavg: [cpu * 4, cpu * 3.8, cpu * 3.5].map(load => load.toFixed(2)),
    memory: { total: MEMORY, used, free: MEMORY - used },
    rootfs: { total: 40 * GIB, used: 9 * GIB, free: 31 * GIB, avail: 29 * GIB },
    insync: 1,
    level: "",
    pmgversion: `pmg-api/${gateway.plan.version}.1/e0b7ac73`,
  };
}

/** The bounds of a column in minutes, oldest last; the last column is open. */
const AGES = [5, 10, 20, 40, 80, 160, 320, 640, 1280] as const;
const DOMAINS = ["example.org", "gmail.com", "slow-isp.example"] as const;

/** `GET …/postfix/qshape`: a row a domain and one of all, "TOTAL". Every figure is a text. */
export function toQueueShape(gateway: MailGateway, node: string, queue: string): Record<string, string>[] {
  const rows = DOMAINS.map(domain => toRow(domain, countsOf(gateway, node, queue, domain, gateway.at)));
  const total = [...AGES.map(age => `${age}m`), "1280m+"].map(column =>
    rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0),
  );
  return [toRow("TOTAL", total), ...rows.filter(row => row.total !== "0")];
}

function countsOf(gateway: MailGateway, node: string, queue: string, domain: string, at: Instant): number[] {
  const mean = { active: 2, incoming: 1, deferred: 6, hold: 0 }[queue] ?? 0;
  const dice = diceOf(gateway.seed, node, queue, domain);
  return [...AGES, 0].map((_, index) => {
    const slow = queue === "deferred" ? domain.startsWith("slow") : index < 2;
    const level = slow ? signalAt(noise(mean, 0.9, [40 * MINUTE, 7 * MINUTE], dice), at) : 0;
    return Math.max(0, Math.round(level / (index + 1)));
  });
}

function toRow(domain: string, counts: readonly number[]): Record<string, string> {
  const columns = [...AGES.map(age => `${age}m`), "1280m+"];
  const total = counts.reduce((sum, count) => sum + count, 0);
  return {
    domain,
    total: String(total),
    ...Object.fromEntries(columns.map((column, index) => [column, String(counts[index] ?? 0)])),
  };
}
