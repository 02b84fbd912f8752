import type { Alert } from "../../model/alert.ts";
import { PERCENT, TIME, text, type Vocabulary } from "../search/fields.ts";
import { told } from "../words/words.ts";
import { RESOURCE_NAMES, resourceName, signalName } from "./words.ts";

/** What alerts and their episodes can be searched by. `now`: ms since the Unix epoch. */
export function alertVocabulary(now: () => number): Vocabulary<Alert> {
  return {
    fields: {
      level: text((alert: Alert) => [alert.level]),
      type: text((alert: Alert) => [alert.type, signalName(alert.type)]),
      name: text((alert: Alert) => [alert.resourceName, resourceName(alert)]),
      kind: text((alert: Alert) => [alert.resourceType, RESOURCE_NAMES[alert.resourceType]]),
      node: text((alert: Alert) => [alert.node]),
      instance: text((alert: Alert) => [alert.instance]),
      tags: text((alert: Alert) => alert.tags),
      is: text((alert: Alert) => [alert.acknowledged ? "acknowledged" : "open"]),
      by: text((alert: Alert) => [alert.ackUser ?? null]),
      value: { kind: "number", of: ({ value }) => value, units: PERCENT },
      age: { kind: "number", of: ({ startTime }) => now() - Date.parse(startTime), units: TIME },
    },
    aliases: { severity: "level", signal: "type", resource: "name", tag: "tags", status: "is", cluster: "instance" },
    words: ({ resourceName, message, type, tags }) =>
      [resourceName, message, told(message), signalName(type), ...tags].map(word => word.toLowerCase()),
  };
}
