import { type JSX, Show } from "solid-js";
import { notKnown } from "../../model/not-known.ts";
import type { Storage } from "../../model/storage.ts";
import { formatBytes } from "../format/format.ts";
import { Fact } from "../ui/drawer.tsx";
import { DISK_LIMITS, Meter } from "../ui/meter.tsx";
import { notKnownText } from "../words/not-known.ts";
import { t } from "../words/words.ts";
import { FullFact } from "./full-fact.tsx";
import { Age } from "./parts.tsx";

/** Everything known of a storage. */
export function StorageFacts(props: { storage: Storage }): JSX.Element {
  const storage = () => props.storage;
  return (
    <>
      <Age entity={storage()} />
      <dl class="facts">
        <Fact name={t("State")}>
          {storage().enabled ? (storage().active ? t("active") : t("not active")) : t("disabled")}
        </Fact>
        <Fact name={t("Used")}>
          <Meter percent={storage().usage} limits={DISK_LIMITS} />
          <span class="muted">
            {t("{used} of {total}, {free} free", {
              used: formatBytes(storage().used),
              total: formatBytes(storage().total),
              free: formatBytes(storage().avail),
            })}
          </span>
        </Fact>
        <FullFact resource={storage().id} />
        <Fact name={t("Type")}>
          {storage().type}
          {storage().shared ? `, ${t("shared")}` : ""}
        </Fact>
        <Fact name={t("Content")}>{storage().content.split(",").join(", ")}</Fact>
        <Fact name={storage().nodes.length === 1 ? t("Node") : t("Nodes")}>{storage().nodes.join(", ")}</Fact>
        <Fact name={t("Instance")}>{storage().instance}</Fact>
        <Show when={notKnown(storage(), "archives")}>
          {reason => <Fact name={t("Backups")}>{notKnownText(reason())}</Fact>}
        </Show>
      </dl>
    </>
  );
}
