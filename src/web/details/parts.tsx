import { type JSX, Show } from "solid-js";
import { formatAgo, formatTime } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { StatusDot } from "../ui/status.tsx";
import { t, told } from "../words/words.ts";

/** What is shown, with its status when it has one. */
export function Title(props: { icon: IconName; name: string; status: string | null }): JSX.Element {
  return (
    <>
      <Show when={props.status}>{status => <StatusDot status={status()} />}</Show>
      <Icon name={props.icon} class="kind" />
      {props.name}
    </>
  );
}

/** How old the numbers are, and why when they are old. */
export function Age(props: { entity: { stale: boolean; lastSeen: number; fault: string | null } }): JSX.Element {
  const live = useLive();
  const seen = () =>
    props.entity.lastSeen === 0
      ? t("Never seen since Pulse started")
      : `${formatAgo(props.entity.lastSeen, live.now())} (${formatTime(props.entity.lastSeen)})`;
  return (
    <Show
      when={props.entity.stale}
      fallback={
        <p class="age" title={formatTime(props.entity.lastSeen)}>
          {t("Seen {ago}", { ago: formatAgo(props.entity.lastSeen, live.now()) })}
        </p>
      }
    >
      <p class="age old">
        <Icon name="clock" />
        <span>
          {t("These are old numbers: {seen}.", { seen: seen() })}
          <Show when={props.entity.fault}>
            <br />
            {told(props.entity.fault ?? "")}
          </Show>
        </span>
      </p>
    </Show>
  );
}

/** The way to the thing itself. */
export function ProxmoxLink(props: { href: string | null }): JSX.Element {
  return (
    <Show when={props.href}>
      {href => (
        <a class="button" href={href()} target="_blank" rel="noopener noreferrer">
          {t("Open in Proxmox")} <Icon name="external" />
        </a>
      )}
    </Show>
  );
}

/** The name of a node, which leads to its details. */
export function NodeLink(props: { id: string; name: string; onShow: (id: string) => void }): JSX.Element {
  return (
    <button type="button" class="link" onClick={() => props.onShow(props.id)}>
      {props.name}
    </button>
  );
}
