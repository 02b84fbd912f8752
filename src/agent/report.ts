import { type Bytes, MIB } from "../kit/units.ts";
import type { DockerReport } from "../model/docker.ts";
import type { Seen } from "./look.ts";

/** A server takes 8 MiB. */
const LARGEST: Bytes = 7 * MIB;
/** Labels that the server reads itself. */
const NEEDED_LABELS = ["com.docker.compose.project", "com.docker.stack.namespace", "com.docker.swarm.service.name"];

/** The whole report. */
export function toReport(seen: Seen, agent: Required<DockerReport["agent"]>, at: number): DockerReport {
  const { host, containers, warnings } = seen;
  return {
    agent,
    host,
    containers,
    timestamp: new Date(at).toISOString(),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** As it is sent. One that a server would not take for its size goes without most labels, then without mounts, and says so. */
export function reportText(report: DockerReport, largest: Bytes = LARGEST): string {
  const whole = JSON.stringify(report);
  if (Buffer.byteLength(whole) <= largest) return whole;
  const lean = {
    ...report,
    containers: (report.containers ?? []).map(one => ({ ...one, labels: neededOf(one.labels) })),
  };
  const text = JSON.stringify(warned(lean, "The report was too large: labels are left out"));
  if (Buffer.byteLength(text) <= largest) return text;
  const bare = { ...lean, containers: lean.containers.map(({ mounts: _, ports: __, ...one }) => one) };
  return JSON.stringify(warned(bare, "The report was too large: labels, mounts and ports are left out"));
}

function warned(report: DockerReport, warning: string): DockerReport {
  return { ...report, warnings: [...(report.warnings ?? []), warning] };
}

function neededOf(labels: Record<string, string> | null | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(labels ?? {}).filter(([name]) => NEEDED_LABELS.includes(name)));
}
