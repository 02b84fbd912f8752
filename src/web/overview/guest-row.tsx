import { For, type JSX, Show } from "solid-js";
import type { Guest } from "../../model/guest.ts";
import { AlertBadge } from "../alerts/alert-marks.tsx";
import { formatBytes, formatUptime, tagsOf, UNKNOWN } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { TrendSpark } from "../trends/trends.tsx";
import { Icon } from "../ui/icon.tsx";
import { CPU_LIMITS, DISK_LIMITS, MEMORY_LIMITS, Meter } from "../ui/meter.tsx";
import { Pair } from "../ui/pair.tsx";
import { StaleMark, StatusDot } from "../ui/status.tsx";
import type { RowPlace } from "../ui/virtual-rows.tsx";
import { stateName } from "../words/states.ts";
import { plural, t } from "../words/words.ts";
import type { Row } from "./rows.ts";

/** A guest, a line of cells. */
export function GuestRow(props: { guest: Guest; place: RowPlace; shown: boolean; onShow: () => void }): JSX.Element {
  const running = () => props.guest.status === "running";
  const resting = () => props.guest.status === "stopped" || props.guest.template;
  const memory = () => (resting() ? null : props.guest.memory);
  const disk = () => (props.guest.disk && props.guest.disk.usage >= 0 ? props.guest.disk : null);
  return (
    <div
      class="row guest"
      classList={{ stale: props.guest.stale, resting: resting(), shown: props.shown }}
      role="row"
      {...props.place}
      onClick={() => props.onShow()}
    >
      <div class="c-name" role="cell">
        <StatusDot status={props.guest.template ? "template" : props.guest.status} />
        <Icon name={props.guest.type === "lxc" ? "lxc" : "vm"} class="kind" />
        <span class="name">{props.guest.name || t("Guest {vmid}", { vmid: props.guest.vmid })}</span>
        <span class="vmid">{props.guest.vmid}</span>
        <AlertBadge id={props.guest.id} />
        <span class="tags">
          <For each={tagsOf(props.guest).slice(0, 3)}>{tag => <span class="tag">{tag}</span>}</For>
        </span>
      </div>
      <div class="c-node muted" role="cell">
        {props.guest.node}
      </div>
      <div class="c-status" role="cell">
        <Show when={props.guest.stale} fallback={<StatusWord guest={props.guest} />}>
          <StaleMark entity={props.guest} />
        </Show>
      </div>
      <div class="c-uptime number" role="cell">
        {formatUptime(props.guest.uptime)}
      </div>
      <div class="c-cpu" role="cell">
        <Show when={!resting()} fallback={<span class="none">{UNKNOWN}</span>}>
          <Meter
            percent={props.guest.cpu === null ? null : props.guest.cpu * 100}
            limits={CPU_LIMITS}
            title={props.guest.cpus === null ? undefined : t("of {what}", { what: plural(props.guest.cpus, "core") })}
          />
          <TrendSpark id={props.guest.id} metric="cpu" />
        </Show>
      </div>
      <div class="c-memory" role="cell">
        <Show when={!resting()} fallback={<span class="none">{UNKNOWN}</span>}>
          <Meter
            percent={memory()?.usage ?? null}
            limits={MEMORY_LIMITS}
            title={
              memory()
                ? t("{used} of {total}", {
                    used: formatBytes(memory()?.used ?? null),
                    total: formatBytes(memory()?.total ?? null),
                  })
                : t("Not known")
            }
          />
          <TrendSpark id={props.guest.id} metric="memory" />
        </Show>
      </div>
      <div class="c-disk" role="cell">
        <Show when={disk()} fallback={<span class="none number">{formatBytes(props.guest.maxdisk || null)}</span>}>
          {known => (
            <Meter
              percent={known().usage}
              limits={DISK_LIMITS}
              title={t("{used} of {total}", { used: formatBytes(known().used), total: formatBytes(known().total) })}
            />
          )}
        </Show>
      </div>
      <div class="c-network number pair" role="cell">
        <Pair
          first={props.guest.networkIn}
          second={props.guest.networkOut}
          shown={running()}
          signs={[<Icon name="down" />, <Icon name="up" />]}
        />
      </div>
      <div class="c-io number pair" role="cell">
        <Pair first={props.guest.diskRead} second={props.guest.diskWrite} shown={running()} signs={["R", "W"]} />
      </div>
    </div>
  );
}

/** "running" needs no word: the dot says it. */
function StatusWord(props: { guest: Guest }): JSX.Element {
  const word = () => (props.guest.template ? "template" : props.guest.status);
  return (
    <>
      <span class="status-word" classList={{ warning: word() === "paused" || word() === "unknown" }}>
        {stateName(word())}
      </span>
      <Show when={props.guest.lock}>{lock => <span class="tag lock">{lock()}</span>}</Show>
    </>
  );
}

/** A node above its guests. */
export function GroupRow(props: {
  group: Extract<Row, { kind: "node" }>;
  place: RowPlace;
  shown: boolean;
  folded: boolean;
  onFold: () => void;
  onShow: () => void;
}): JSX.Element {
  const live = useLive();
  const node = () => live.picture().nodes[props.group.id];
  const several = () => Object.keys(live.picture().instances).length > 1 && props.group.instance !== props.group.name;
  return (
    <div
      class="row group"
      classList={{ stale: node()?.stale ?? false, shown: props.shown }}
      role="row"
      {...props.place}
      onClick={() => props.onFold()}
    >
      <div class="c-name" role="rowheader">
        <button
          type="button"
          class="fold"
          tabindex={-1}
          aria-expanded={!props.folded}
          aria-label={t("Guests of {name}", { name: props.group.name })}
          onClick={event => {
            event.stopPropagation();
            props.onFold();
          }}
        >
          <Icon name="chevron" />
        </button>
        <StatusDot status={node()?.status ?? "unknown"} />
        <button
          type="button"
          class="name"
          tabindex={-1}
          onClick={event => {
            event.stopPropagation();
            props.onShow();
          }}
        >
          {props.group.name}
        </button>
        <Show when={several()}>
          <span class="muted">{props.group.instance}</span>
        </Show>
        <span class="muted running-count">
          {t("{running} of {count} running", { running: props.group.running, count: props.group.guests })}
        </span>
      </div>
      <div class="c-status" role="cell">
        <Show when={node() && node()?.status !== "online"}>
          <span class="status-word critical">{stateName(node()?.status ?? "unknown")}</span>
        </Show>
      </div>
    </div>
  );
}
