import { createMemo, createSignal, For, type JSX } from "solid-js";
import type { QuietHours } from "../../model/alert-config.ts";
import { WEEK_DAYS } from "../../model/week-days.ts";
import { dayName, weekOrder } from "../format/format.ts";
import { t } from "../words/words.ts";
import { useDraft } from "./draft-context.tsx";
import { quietWeek, windowOf, withDay } from "./quiet-week.ts";

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const PATH = ["schedule", "quietHours"];
/** The days from top to bottom; 0 is Monday. */
const DAYS = weekOrder();

/**
 * The quiet hours of a week. A drag over hours, or Shift with arrows and Enter, chooses from when to when; a click or Enter on an hour, or
 * on a day's name, turns that day on or off.
 */
export function QuietGrid(): JSX.Element {
  let grid: HTMLTableElement | undefined;
  const draft = useDraft();
  const quiet = () => draft.get(PATH) as QuietHours;
  const week = createMemo(() => quietWeek(quiet()));
  const [cursor, setCursor] = createSignal({ day: 0, hour: 22 });
  /** Hours from the first that was taken hold of to the last; null: none are. */
  const [hold, setHold] = createSignal<{ day: number; from: number; to: number } | null>(null);
  const isHeld = (day: number, hour: number) => {
    const held = hold();
    return (
      held !== null && held.day === day && hour >= Math.min(held.from, held.to) && hour <= Math.max(held.from, held.to)
    );
  };
  const toggleDay = (day: number) => {
    const name = WEEK_DAYS[day];
    if (name) draft.set([...PATH, "days"], withDay(quiet().days, name));
  };
  const apply = () => {
    const held = hold();
    setHold(null);
    if (!held || !draft.mayEdit(["schedule", "quietHours", "days"])) return;
    if (held.from === held.to) {
      toggleDay(held.day);
      return;
    }
    const { start, end } = windowOf(Math.min(held.from, held.to), Math.max(held.from, held.to));
    draft.set([...PATH, "start"], start);
    draft.set([...PATH, "end"], end);
  };
  const onKey = (event: KeyboardEvent) => {
    const { day, hour } = cursor();
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (step) {
      const [down = 0, right = 0] = step;
      const row = Math.min(6, Math.max(0, DAYS.indexOf(day) + down));
      const next = { day: DAYS[row] ?? day, hour: Math.min(23, Math.max(0, hour + right)) };
      setHold(event.shiftKey && down === 0 ? { day, from: hold()?.from ?? hour, to: next.hour } : null);
      setCursor(next);
      grid?.querySelector<HTMLElement>(`[data-cell="${next.day} ${next.hour}"]`)?.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      if (!hold()) setHold({ day, from: hour, to: hour });
      apply();
    } else if (event.key === "Escape" && hold()) setHold(null);
    else return;
    event.preventDefault();
  };
  const text = (day: number, hour: number) => {
    const share = week()[day]?.[hour] ?? 0;
    const how = share === 0 ? t("told") : share === 1 ? t("quiet") : t("partly quiet");
    return `${dayName(day, "long")} ${String(hour).padStart(2, "0")}:00, ${how}`;
  };
  return (
    <div class="week-box">
      <table
        ref={grid}
        class="week"
        classList={{ off: !quiet().enabled }}
        onKeyDown={onKey}
        onPointerUp={apply}
        onPointerLeave={() => setHold(null)}
        onPointerCancel={() => setHold(null)}
      >
        <caption>
          {t(
            "Quiet hours of the week: drag over hours to choose them (or Shift with arrows, then Enter); click an hour or a day to turn the day on or off.",
          )}
        </caption>
        <thead aria-hidden="true">
          <tr>
            <td />
            <For each={HOURS}>{hour => <td>{hour % 3 === 0 ? hour : ""}</td>}</For>
          </tr>
        </thead>
        <tbody>
          <For each={DAYS}>
            {day => (
              <tr>
                <th scope="row">
                  <button
                    type="button"
                    class="week-day"
                    aria-pressed={quiet().days === null || quiet().days?.[WEEK_DAYS[day] ?? "monday"] === true}
                    disabled={!draft.mayEdit(["schedule", "quietHours", "days"])}
                    aria-label={`${dayName(day, "short")}: ${t("Quiet hours that begin on {day}", { day: dayName(day, "long") })}`}
                    onClick={() => toggleDay(day)}
                  >
                    {dayName(day, "short")}
                  </button>
                </th>
                <For each={HOURS}>
                  {hour => (
                    <td>
                      <button
                        type="button"
                        class="week-cell"
                        classList={{ held: isHeld(day, hour) }}
                        tabindex={cursor().day === day && cursor().hour === hour ? 0 : -1}
                        data-cell={`${day} ${hour}`}
                        aria-label={text(day, hour)}
                        aria-disabled={!draft.mayEdit(["schedule", "quietHours", "days"])}
                        aria-pressed={(week()[day]?.[hour] ?? 0) > 0}
                        style={{ "--quiet": `${(week()[day]?.[hour] ?? 0) * 100}%` }}
                        onFocus={() => setCursor({ day: day, hour })}
                        onPointerDown={event => {
                          // A finger holds on to where it came down, unless it is told not to.
                          event.currentTarget.releasePointerCapture(event.pointerId);
                          setHold({ day: day, from: hour, to: hour });
                        }}
                        onPointerEnter={() => {
                          const held = hold();
                          if (held) setHold({ ...held, to: hour });
                        }}
                      />
                    </td>
                  )}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}
