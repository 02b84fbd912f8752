import { For, type JSX, lazy, Match, Show, Suspense, Switch } from "solid-js";
import type { BackupServer } from "../../model/backup-server.ts";
import { createEpisodeMarks } from "../alerts/episode-marks.ts";
import { useLive } from "../live/live.ts";
import { storageStatus, toZfsRows } from "../storage/storage-rows.ts";
import { Drawer } from "../ui/drawer.tsx";
import { Skeleton } from "../ui/states.tsx";
import { t, withTexts } from "../words/words.ts";
import { BackupServerFacts } from "./backup-server-facts.tsx";
import { CephFacts } from "./ceph-facts.tsx";
import { DiskFacts } from "./disk-facts.tsx";
import { ContainerFacts, DockerHostDetails } from "./docker-facts.tsx";
import { GuestFacts } from "./guest-facts.tsx";
import { LazyCharts } from "./lazy-charts.tsx";
import { NodeFacts } from "./node-facts.tsx";
import { Title } from "./parts.tsx";
import { StorageFacts } from "./storage-facts.tsx";
import { ZfsFacts } from "./zfs-facts.tsx";

// It explains rules, which the first page does without.
const ResourceHistory = lazy(withTexts(() => import("../changes/resource-history.tsx")));
const ResourceAlerts = lazy(withTexts(() => import("../alerts/resource-alerts.tsx")));

/** Everything known of one entity, whatever its kind. Nothing while `id` is empty. */
export function Details(props: { id: string; onClose: () => void; onShow: (id: string) => void }): JSX.Element {
  const { picture } = useLive();
  const guest = () => picture().vms[props.id] ?? picture().containers[props.id];
  const node = () => picture().nodes[props.id];
  const storage = () => picture().storage[props.id];
  const disk = () => picture().physicalDisks[props.id];
  const ceph = () => picture().cephClusters[props.id];
  const server = () => picture().pbs[props.id];
  const dockerHost = () => picture().dockerHosts[props.id];
  const container = () => picture().dockerContainers[props.id];
  const zfs = () => toZfsRows(picture()).find(row => row.id === props.id);
  const marks = createEpisodeMarks(() => props.id);
  return (
    <Show when={props.id !== ""}>
      <Drawer
        shows={props.id}
        onClose={props.onClose}
        title={
          <Switch fallback={t("Not there any more")}>
            <Match when={guest()}>
              {guest => (
                <Title icon={guest().type === "lxc" ? "lxc" : "vm"} name={guest().name} status={guest().status} />
              )}
            </Match>
            <Match when={node()}>
              {node => <Title icon="node" name={node().displayName} status={node().status} />}
            </Match>
            <Match when={storage()}>
              {storage => <Title icon="storage" name={storage().name} status={storageStatus(storage())} />}
            </Match>
            <Match when={disk()}>
              {disk => (
                <Title
                  icon="storage"
                  name={t("{name} on {node}", { name: disk().devPath, node: disk().node })}
                  status={disk().health}
                />
              )}
            </Match>
            <Match when={ceph()}>
              {ceph => (
                <Title icon="storage" name={t("Ceph of {name}", { name: ceph().name })} status={ceph().health} />
              )}
            </Match>
            <Match when={server()}>
              {server => <Title icon="storage" name={server().name} status={server().status} />}
            </Match>
            <Match when={dockerHost()}>
              {host => <Title icon="node" name={host().displayName} status={host().status} />}
            </Match>
            <Match when={container()}>{one => <Title icon="lxc" name={one().name} status={one().state} />}</Match>
            <Match when={zfs()}>
              {zfs => (
                <Title
                  icon="storage"
                  name={t("{name} on {node}", { name: zfs().pool.name, node: zfs().node })}
                  status={zfs().pool.state}
                />
              )}
            </Match>
          </Switch>
        }
      >
        <Suspense>
          <ResourceAlerts id={props.id} />
        </Suspense>
        <Switch fallback={<p>{t('Nothing is known any more of "{id}".', { id: props.id })}</p>}>
          <Match when={guest()}>
            {guest => (
              <>
                <GuestFacts guest={guest()} onShow={props.onShow} />
                <Happened id={props.id} />
                <LazyCharts kind="guest" entity={guest()} marks={marks()} />
              </>
            )}
          </Match>
          <Match when={node()}>
            {node => (
              <>
                <NodeFacts node={node()} onShow={props.onShow} />
                <Happened id={props.id} />
                <LazyCharts kind="node" entity={node()} marks={marks()} />
              </>
            )}
          </Match>
          <Match when={storage()}>
            {storage => (
              <>
                <StorageFacts storage={storage()} />
                <Happened id={props.id} />
                <LazyCharts kind="storage" entity={storage()} marks={marks()} />
              </>
            )}
          </Match>
          <Match when={disk()}>{disk => <DiskFacts disk={disk()} onShow={props.onShow} />}</Match>
          <Match when={ceph()}>
            {ceph => (
              <>
                <CephFacts ceph={ceph()} />
                <Happened id={props.id} />
                <LazyCharts kind="ceph" entity={ceph()} marks={marks()} />
              </>
            )}
          </Match>
          <Match when={server()}>
            {server => (
              <>
                <BackupServerFacts server={server()} />
                <Happened id={props.id} />
                <ServerCharts server={server()} />
              </>
            )}
          </Match>
          <Match when={dockerHost()}>
            {host => (
              <>
                <DockerHostDetails host={host()} onShow={props.onShow} />
                <Happened id={props.id} />
                <LazyCharts kind="dockerHost" entity={host()} />
              </>
            )}
          </Match>
          <Match when={container()}>
            {one => (
              <>
                <ContainerFacts container={one()} onShow={props.onShow} />
                <Happened id={props.id} />
                <LazyCharts kind="container" entity={one()} marks={marks()} />
              </>
            )}
          </Match>
          <Match when={zfs()}>
            {zfs => (
              <>
                <ZfsFacts row={zfs()} onShow={props.onShow} />
                <Happened id={props.id} />
                <LazyCharts kind="zfs" entity={{ ...zfs().pool, ...zfs() }} marks={marks()} />
              </>
            )}
          </Match>
        </Switch>
      </Drawer>
    </Show>
  );
}

/** What changed about it, and when its alerts fired. */
function Happened(props: { id: string }): JSX.Element {
  return (
    <Suspense fallback={<Skeleton lines={3} />}>
      <ResourceHistory id={props.id} />
    </Suspense>
  );
}

/** Of the server itself, then of each of its datastores. */
function ServerCharts(props: { server: BackupServer }): JSX.Element {
  const lastSeen = () => Date.parse(props.server.lastSeen) || 0;
  return (
    <>
      <LazyCharts kind="server" entity={{ ...props.server, lastSeen: lastSeen() }} />
      <For each={props.server.datastores.map(({ id }) => id)}>
        {id => (
          <Show when={props.server.datastores.find(store => store.id === id)}>
            {store => (
              <>
                <h3>{store().name}</h3>
                <LazyCharts kind="datastore" entity={{ ...store(), stale: props.server.stale, lastSeen: lastSeen() }} />
              </>
            )}
          </Show>
        )}
      </For>
    </>
  );
}
