import type { JSX } from "solid-js";
import type { Storage } from "../../model/storage.ts";
import { formatBytes } from "../format/format.ts";
import { Fact } from "../ui/drawer.tsx";
import { DISK_LIMITS, Meter } from "../ui/meter.tsx";
import { Age } from "./parts.tsx";

/** Everything known of a storage. */
export function StorageFacts(props: { storage: Storage }): JSX.Element {
  const storage = () => props.storage;
  return (
    <>
      <Age entity={storage()} />
      <dl class="facts">
        <Fact name="State">{storage().enabled ? (storage().active ? "active" : "not active") : "disabled"}</Fact>
        <Fact name="Used">
          <Meter percent={storage().usage} limits={DISK_LIMITS} />
          <span class="muted">
            {formatBytes(storage().used)} of {formatBytes(storage().total)}, {formatBytes(storage().avail)} free
          </span>
        </Fact>
        <Fact name="Type">
          {storage().type}
          {storage().shared ? ", shared" : ""}
        </Fact>
        <Fact name="Content">{storage().content.split(",").join(", ")}</Fact>
        <Fact name={storage().nodes.length === 1 ? "Node" : "Nodes"}>{storage().nodes.join(", ")}</Fact>
        <Fact name="Instance">{storage().instance}</Fact>
      </dl>
    </>
  );
}
