import { For, type JSX, Show } from "solid-js";
import { SECOND } from "../../kit/units.ts";
import type { Explanation } from "../../model/alert.ts";
import { formatAgo } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { ById } from "../ui/by-id.tsx";
import { Fact } from "../ui/drawer.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { t, told } from "../words/words.ts";
import { explain } from "./alert-api.ts";
import { formatValue, holdText, levelName, originText, signalName } from "./words.ts";

/** Why a resource alerts or does not: one signal, or all of them. Read anew every ten seconds. */
export function Explain(props: { resource: string; type?: string }): JSX.Element {
  const reading = createReading<Explanation[]>(() => explain(props.resource, props.type), {
    key: () => `${props.resource} ${props.type}`,
    every: 10 * SECOND,
  });
  return (
    <div class="explain" role="status" aria-label={t("Why")}>
      <Loaded reading={reading} what={t("Why cannot be said now")} lines={3}>
        {signals => (
          <ById each={signals()} idOf={({ alertId }) => alertId}>
            {one => (
              <Show when={props.type === undefined} fallback={<Facts of={one()} />}>
                <details class="explained">
                  <summary>
                    <span class={`dot ${DOT[phaseOf(one())]}`} aria-hidden="true" />
                    <strong>{signalName(one().type)}</strong> <span class="muted">{summaryOf(one())}</span>
                  </summary>
                  <Facts of={one()} />
                </details>
              </Show>
            )}
          </ById>
        )}
      </Loaded>
    </div>
  );
}

const DOT = { off: "off", inactive: "good", pending: "warning", firing: "critical" } as const;

function phaseOf({ enabled, phase, level }: Explanation): keyof typeof DOT {
  if (!enabled) return "off";
  return phase === "firing" && level === "warning" ? "pending" : phase;
}

function summaryOf(one: Explanation): string {
  if (!one.enabled) return t("off");
  const value =
    one.unit === "state" ? "" : `${one.value === null ? t("not known") : formatValue(one.value, one.unit)}, `;
  const phase = {
    inactive: t("well"),
    pending: t("about to fire"),
    firing: t("fires: {level}", { level: levelName(one.level ?? "warning") }),
  }[one.phase];
  return `${value}${phase}`;
}

function ruleText({ trigger, clear, critical, below, hold, unit }: Explanation): string {
  const held = holdText(hold);
  if (unit === "state") return t("Fires when it is so {held}", { held });
  if (trigger === null) return t("Off");
  const values = { held, trigger: formatValue(trigger, unit) };
  const fires = below
    ? t("Fires at or below {trigger} {held}", values)
    : t("Fires at or above {trigger} {held}", values);
  const worse = { critical: formatValue(critical, unit) };
  const parts = [
    fires,
    critical === null
      ? ""
      : below
        ? t("critical at or below {critical}", worse)
        : t("critical at or above {critical}", worse),
  ];
  const rule = parts.filter(Boolean).join(", ");
  return clear === null ? rule : t("{rule}; over at {clear}", { rule, clear: formatValue(clear, unit) });
}

function Facts(props: { of: Explanation }): JSX.Element {
  const live = useLive();
  const one = () => props.of;
  const phase = () => {
    const { phase, since, level } = one();
    const word = {
      inactive: t("Well"),
      pending: t("About to fire"),
      firing: level === "critical" ? t("Fires as critical") : t("Fires as a warning"),
    }[phase];
    return since === null ? word : t("{word}, since {since}", { word, since: formatAgo(since, live.now()) });
  };
  return (
    <dl class="facts">
      <Fact name={t("Rule")}>
        {ruleText(one())}
        <span class="muted">{t("by {origin}", { origin: originText(one().origin) })}</span>
      </Fact>
      <Fact name={t("Now")}>
        {phase()}
        <Show when={one().unit !== "state"}>
          <span>
            {one().value === null
              ? t("at a value not known")
              : t("at {value}", { value: formatValue(one().value, one().unit) })}
          </span>
        </Show>
        <Show when={one().stale}>
          <span class="status-word warning">{t("The value is old: it changes nothing.")}</span>
        </Show>
      </Fact>
      <Show when={one().suppressedBy.length > 0}>
        <Fact name={t("In the way")}>
          <ul>
            <For each={one().suppressedBy}>{why => <li>{told(why)}</li>}</For>
          </ul>
        </Fact>
      </Show>
      <Fact name={t("To change")}>{told(one().wouldTake)}</Fact>
    </dl>
  );
}
