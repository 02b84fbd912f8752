import { type Accessor, type JSX, Show } from "solid-js";
import type { Guest } from "../../model/guest.ts";
import { nodeId } from "../../model/ids.ts";
import { tagsOf } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import type { Group, Grouping } from "../ui/column.ts";
import { byText } from "../ui/grouping.ts";
import { StatusDot } from "../ui/status.tsx";
import { stateName } from "../words/states.ts";
import { t } from "../words/words.ts";
import { typeName } from "./guest-columns.tsx";

/** What guests can be grouped by. */
export function guestGroupings(onShow: (id: string) => void): readonly Grouping<Guest>[] {
  return [
    {
      key: "node",
      name: t("By node"),
      of: ({ instance, node }) => ofNode(instance, node),
      head: group => <NodeHead group={group} onShow={onShow} />,
      shows: ({ id }) => id,
    },
    byText("instance", t("By instance"), ({ instance }) => instance, { head }),
    byText("type", t("By type"), typeName, { head }),
    byText("status", t("By status"), ({ status }) => stateName(status), { head }),
    byText("tag", t("By tag"), tagsOf, { head, unnamed: t("Without a tag") }),
    byText("pool", t("By pool"), ({ pool }) => pool, { head, unnamed: t("Without a pool") }),
  ];
}

/** The group of each node, made once: thousands of guests are put into them with each patch. */
const nodes = new Map<string, Map<string, ReturnType<Grouping<Guest>["of"]>>>();

function ofNode(instance: string, node: string): ReturnType<Grouping<Guest>["of"]> {
  const ofInstance = nodes.get(instance) ?? new Map<string, ReturnType<Grouping<Guest>["of"]>>();
  nodes.set(instance, ofInstance);
  const known = ofInstance.get(node) ?? [{ id: nodeId(instance, node), name: node, order: `${instance} ${node}` }];
  ofInstance.set(node, known);
  return known;
}

function head(group: Accessor<Group<Guest>>): JSX.Element {
  return (
    <>
      <span class="name">{group().name}</span>
      <RunningCount guests={group().rows} />
    </>
  );
}

/** A node: how it is, and a way to its details. */
function NodeHead(props: { group: Accessor<Group<Guest>>; onShow: (id: string) => void }): JSX.Element {
  const { picture } = useLive();
  const node = () => picture().nodes[props.group().id];
  const instance = () => props.group().rows[0]?.instance ?? "";
  const isOneOfSeveral = () => Object.keys(picture().instances).length > 1 && instance() !== props.group().name;
  return (
    <>
      <StatusDot status={node()?.status ?? "unknown"} />
      <button
        type="button"
        class="name"
        tabindex={-1}
        onClick={event => {
          event.stopPropagation();
          props.onShow(props.group().id);
        }}
      >
        {props.group().name}
      </button>
      <Show when={isOneOfSeveral()}>
        <span class="muted">{instance()}</span>
      </Show>
      <RunningCount guests={props.group().rows} />
      <Show when={node() && node()?.status !== "online"}>
        <span class="status-word critical">{stateName(node()?.status ?? "unknown")}</span>
      </Show>
    </>
  );
}

function RunningCount(props: { guests: readonly Guest[] }): JSX.Element {
  const running = () => props.guests.filter(({ status }) => status === "running").length;
  return (
    <span class="muted running-count">
      {t("{running} of {count} running", { running: running(), count: props.guests.length })}
    </span>
  );
}
