import type { AlertConfig, Hysteresis, MetricName } from "../../model/alert-config.ts";
import { t, within } from "../words/words.ts";
import type { Asked } from "./alert-api.ts";
import type { Resource } from "./resources.ts";
import { CLASSES, defaultsOf, holdFor, inheritedBy, type ResourceClass } from "./threshold-specs.ts";
import { signalName } from "./words.ts";

/** How far back changes are tried. */
export const DAYS = 30;

/** A change that can be tried: the same question with the rules as they are, and as they would be. */
export interface Trial {
  key: string;
  name: string;
  metric: MetricName;
  now: Asked;
  after: Asked;
}

/** Signals whose history can be replayed. */
const REPLAYED: readonly MetricName[] = [
  "cpu",
  "memory",
  "disk",
  "usage",
  "diskRead",
  "diskWrite",
  "networkIn",
  "networkOut",
];
const OFF: Hysteresis = { trigger: -1, clear: -1 };

/** What of a changed configuration can be tried: each class, group and resource of which a threshold or a hold differs. */
export function trialsOf(
  saved: AlertConfig,
  config: AlertConfig,
  resourceOf: (id: string) => Resource | null,
): Trial[] {
  const guests = CLASSES.find(({ of }) => of === "guest");
  const tags = guests ? namesIn(saved.tagOverrides, config.tagOverrides) : [];
  return [
    ...CLASSES.flatMap(one =>
      trials({
        name: within(one.name),
        where: { of: one.of },
        of: one,
        rule: (from, metric) => defaultsOf(from, one)[metric],
        rules: [saved, config],
      }),
    ),
    ...tags.flatMap(tag =>
      trials({
        name: `"${tag}"`,
        where: { of: "guest", tag },
        of: guests ?? null,
        // Of a change of the defaults the class itself tells.
        rule: (from, metric) => from.tagOverrides[tag]?.[metric] ?? inheritedBy(saved, guests ?? null, [])[metric],
        rules: [saved, config],
      }),
    ),
    ...namesIn(saved.overrides, config.overrides).flatMap(id => {
      const resource = resourceOf(id);
      const of = CLASSES.find(({ resources }) => resources === resource?.kind) ?? null;
      return trials({
        name: resource?.name ?? id,
        where: { resources: [id] },
        of,
        rule: (from, metric) => from.overrides[id]?.[metric] ?? inheritedBy(saved, of, resource?.tags ?? [])[metric],
        rules: [saved, config],
      });
    }),
  ];
}

function namesIn(...records: readonly object[]): string[] {
  return [...new Set(records.flatMap(record => Object.keys(record)))];
}

function trials({
  name,
  where,
  of,
  rule,
  rules: [saved, config],
}: {
  name: string;
  where: Partial<Asked>;
  of: ResourceClass | null;
  rule: (from: AlertConfig, metric: MetricName) => Hysteresis | null | undefined;
  rules: readonly [AlertConfig, AlertConfig];
}): Trial[] {
  // Holds are of classes: where those are tried, they are tried with them.
  const hold = (from: AlertConfig, metric: MetricName) =>
    of && where.of && !where.tag ? holdFor(from, of, metric) : null;
  const asked = (from: AlertConfig, metric: MetricName): Asked => {
    const held = hold(from, metric);
    return {
      ...where,
      type: metric,
      days: DAYS,
      thresholds: { [metric]: rule(from, metric) ?? OFF },
      ...(held === null ? {} : { hold: held }),
    };
  };
  return REPLAYED.filter(metric => of === null || of.metrics.includes(metric))
    .map(metric => ({
      key: `${JSON.stringify(where)} ${metric}`,
      name: t("{signalName} of {resourceName}", { signalName: signalName(metric), resourceName: name }),
      metric,
      now: asked(saved, metric),
      after: asked(config, metric),
    }))
    .filter(({ now, after }) => JSON.stringify(now) !== JSON.stringify(after));
}
