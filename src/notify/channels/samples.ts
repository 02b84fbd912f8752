import { HOUR, MINUTE } from "../../kit/units.ts";
import type { Alert } from "../../model/alert.ts";
import type { NotificationReason } from "../../model/notification.ts";
import type { Message } from "./channel.ts";

const AT = Date.UTC(2026, 0, 15, 9, 30);

/** Made-up alerts, as what a template makes of them is looked at before it is kept. */
const SAMPLES: readonly Alert[] = [
  sample({
    name: "web-1",
    level: "critical",
    type: "cpu",
    value: 97.25,
    threshold: 90,
    message: "CPU of web-1 is at 97.3 %",
  }),
  sample({
    name: "db-1",
    level: "warning",
    type: "memory",
    value: 86,
    threshold: 85,
    message: "Memory of db-1 is at 86 %",
  }),
  sample({
    name: "backup",
    level: "warning",
    type: "usage",
    value: 91.5,
    threshold: 85,
    message: "backup is 91.5 % full",
  }),
];

interface Sample {
  name: string;
  level: Alert["level"];
  type: string;
  value: number;
  threshold: number;
  message: string;
}

function sample({ name, level, type, value, threshold, message }: Sample): Alert {
  const startTime = new Date(AT - 2 * HOUR).toISOString();
  return {
    id: `home:guest:${name}-${type}`,
    type,
    level,
    resourceId: `home:guest:${name}`,
    resourceName: name,
    resourceType: "guest",
    node: "pve1",
    instance: "home",
    message,
    value,
    threshold,
    unit: "percent",
    startTime,
    lastSeen: new Date(AT).toISOString(),
    acknowledged: false,
    cause: null,
    covers: [],
    coversCount: 0,
    tags: ["prod"],
    metadata: { resourceType: "guest", clearThreshold: threshold - 5 },
  };
}

/** A message that is about the first `count` of three made-up alerts. */
export function sampleMessage(reason: NotificationReason, count: 0 | 1 | 2 | 3): Message {
  return {
    reason,
    alerts: SAMPLES.slice(0, count),
    at: AT + 5 * MINUTE,
    dedupKey: "home:guest:web-1-cpu",
    publicUrl: "https://pulse.example.com",
    timezone: "UTC",
    language: "en",
    duplicatePossible: false,
    queued: AT + 5 * MINUTE,
    unheard: [],
  };
}
