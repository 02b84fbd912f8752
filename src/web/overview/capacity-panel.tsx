import { createMemo, type JSX } from "solid-js";
import { DAY, type Instant } from "../../kit/units.ts";
import type { FillingUp } from "../../model/capacity.ts";
import { formatPercent, unbroken } from "../format/format.ts";
import { readCapacity } from "../live/capacity.ts";
import { useLive } from "../live/live.ts";
import { dueText } from "../storage/due-text.ts";
import { t } from "../words/words.ts";
import { wellText } from "./capacity-words.ts";
import { Glance, type GlanceLine } from "./glance.tsx";
import { type Headroom, toHeadrooms } from "./headroom.ts";

/** What fills up later is nothing to think of now. */
const HORIZON = 90 * DAY;
const NEARLY_FULL = 90;

/** What fills up next, and whether a cluster could do without a node. */
export function CapacityPanel(props: { onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const reading = readCapacity();
  const headrooms = createMemo(() => toHeadrooms(live.picture()));
  const lines = createMemo(() => {
    const told = reading.told();
    return told && toCapacityLines(told, headrooms(), live.picture().lastUpdate);
  });
  return (
    <Glance
      id="capacity"
      title={t("Capacity")}
      href="?page=storage"
      help={t(
        "What will be full within 90 days if it grows on as in the last 30, and what is 90 % full. A cluster can lose a node when the memory of the others holds all that runs.",
      )}
      lines={lines()}
      problem={reading.problem()}
      onAgain={reading.again}
      well={wellText(live.picture())}
      foot={
        <p class="glance-foot" title={t("How full the memory of the other nodes would be, if all that runs goes on")}>
          {unbroken(headroomText(headrooms()))}
        </p>
      }
      onShow={props.onShow}
    />
  );
}

/** The clusters that cannot lose a node, then what fills up, the soonest first. */
function toCapacityLines(filling: readonly FillingUp[], headrooms: readonly Headroom[], now: Instant): GlanceLine[] {
  const tight = headrooms.filter(({ memory }) => memory !== null && memory > 90);
  return [
    ...tight.map(
      ({ instance, name, largest, memory }): GlanceLine => ({
        id: `headroom ${instance}`,
        tone: (memory ?? 0) > 100 ? "critical" : "warning",
        subject: name,
        shows: null,
        says:
          (memory ?? 0) > 100
            ? t("cannot lose {largest}: the others have too little memory", { largest })
            : t("can hardly lose {largest}", { largest }),
        value: formatPercent(memory),
        title: t("How full the memory of the other nodes would be, if all that runs goes on"),
      }),
    ),
    ...filling.flatMap((one): GlanceLine[] => {
      const { resource, name, place, usage, full } = one;
      const isSoon = full !== null && full - now < HORIZON;
      if (!isSoon && usage < NEARLY_FULL) return [];
      const days = full === null ? Number.POSITIVE_INFINITY : (full - now) / DAY;
      return [
        {
          id: `${one.of} ${resource} ${name}`,
          tone: days <= 7 || usage >= 97 ? "critical" : days <= 30 || usage >= NEARLY_FULL ? "warning" : "plain",
          subject: name,
          shows: resource,
          says: t("in {place} is {usage} full", { place, usage: formatPercent(usage) }),
          value: isSoon
            ? t("full {when}", { when: dueText(full, now) })
            : full === null && one.known
              ? t("not growing")
              : "",
          title: isSoon ? t("If it grows on as in the last 30 days") : "",
        },
      ];
    }),
  ];
}

/** "Without its largest node home would use 61 % of its memory"; "" where there is no cluster. */
function headroomText(headrooms: readonly Headroom[]): string {
  const known = headrooms.filter(({ memory }) => memory !== null);
  if (known.length === 0) return "";
  const each = known
    .map(({ name, memory }) => t("{name} {memory}", { name, memory: formatPercent(memory) }))
    .join(", ");
  return t("Memory without the largest node: {each}", { each });
}
