import type { Alert } from "../../model/alert.ts";
import type { Picture } from "../../model/picture.ts";
import type { Family, Sample } from "./exposition.ts";

/** More are counted only: a storm of alerts must not become one of series. */
const MOST_NAMED = 1000;

/** What fires: how much of it, and what. */
export function* alertFamilies({ activeAlerts }: Picture): Generator<Family> {
  const alerts = Object.values(activeAlerts);
  const count = (level: Alert["level"], acknowledged: boolean) =>
    alerts.filter(alert => alert.level === level && alert.acknowledged === acknowledged).length;
  yield {
    name: "pulse_alerts",
    help: "Alerts that fire, by level, and whether somebody has acknowledged them",
    type: "gauge",
    samples: (["warning", "critical"] as const).flatMap(level =>
      [false, true].map((seen): Sample => [{ level, acknowledged: String(seen) }, count(level, seen)]),
    ),
  };
  yield {
    name: "pulse_alert_firing",
    help: `An alert that fires: 1; of more than ${MOST_NAMED} the first of them, critical ones before others`,
    type: "gauge",
    samples: alerts
      .sort((one, other) => Number(other.level === "critical") - Number(one.level === "critical"))
      .slice(0, MOST_NAMED)
      .map(
        ({ id, type, level, resourceId, resourceName, node, instance, cause }): Sample => [
          {
            alert: id,
            type,
            level,
            resource: resourceId,
            name: resourceName,
            node: node || null,
            pulse_instance: instance || null,
            cause,
          },
          1,
        ],
      ),
  };
}
