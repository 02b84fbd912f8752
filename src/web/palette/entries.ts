import { PRODUCTS } from "../../model/instance-settings.ts";
import type { Picture } from "../../model/picture.ts";
import type { View } from "../../model/user-settings.ts";
import { ALERT_TABS } from "../alerts/alert-tabs.ts";
import { tagsOf } from "../format/format.ts";
import type { Session } from "../live/session.ts";
import { MORE_PAGES, PAGES, type PageKey } from "../pages.ts";
import { sectionsFor } from "../settings/sections.ts";
import { toZfsRows } from "../storage/storage-rows.ts";
import type { IconName } from "../ui/icon.tsx";
import { pageOf } from "../ui/views.ts";
import { t } from "../words/words.ts";
import { type Findable, folded } from "./rank.ts";

/** What becomes of something that was chosen. */
export type Deed =
  /** Its details are shown on their page. */
  | { kind: "show"; page: PageKey; id: string }
  /** Another page: `search` is its address's query. */
  | { kind: "go"; search: string }
  /** Something is done; answers what came of it, as a sentence; null: nothing more is to be said, the palette closes. */
  | { kind: "do"; run: () => Promise<string | null> | string | null };

/** Something that the palette finds. */
export interface Entry extends Findable {
  readonly icon: IconName;
  /** As it is shown; `title` is what it is found by. */
  readonly name: string;
  /** What it is, and where: beside its name. */
  readonly hint: string;
  readonly deed: Deed;
}

interface Plain {
  id: string;
  icon: IconName;
  name: string;
  hint: string;
  deed: Deed;
  number?: number;
  /** What it is found by besides name and hint, and not shown. */
  also?: string;
}

export function toEntry({ id, icon, name, hint, deed, number, also = "" }: Plain): Entry {
  const digits = number === undefined ? null : String(number);
  return { id, icon, name, hint, deed, number: digits, title: folded(name), also: folded(`${hint} ${also}`) };
}

/** Everything of the picture that has details, or a page. */
export function entitiesOf(picture: Picture): Entry[] {
  return [
    ...nodesOf(picture),
    ...guestsOf(picture),
    ...storagesOf(picture),
    ...backupServersOf(picture),
    ...dockerOf(picture),
    ...Object.values(picture.pmg).map(({ id, name }) =>
      toEntry({ id, icon: "node", name, hint: t("Mail Gateway"), deed: { kind: "go", search: "?page=mail" } }),
    ),
    ...Object.values(picture.instances).map(({ id, name, type, host }) =>
      toEntry({
        id: `instance ${id}`,
        icon: "node",
        name,
        hint: t("instance, {title}", { title: PRODUCTS[type].title }),
        also: host,
        deed: { kind: "go", search: "?page=settings" },
      }),
    ),
  ];
}

function nodesOf({ nodes }: Picture): Entry[] {
  return Object.values(nodes).map(({ id, displayName, node, instance }) =>
    toEntry({
      ...{ id, icon: "node", name: displayName, also: node, deed: { kind: "show", page: "", id } },
      hint: t("node of {instance}", { instance }),
    }),
  );
}

function guestsOf({ vms, containers }: Picture): Entry[] {
  return [...Object.values(vms), ...Object.values(containers)].map(guest => {
    const { id, vmid, name, type, node, instance } = guest;
    return toEntry({
      ...{ id, name, number: vmid, deed: { kind: "show", page: "", id } },
      icon: type === "lxc" ? "lxc" : "vm",
      hint: `${type === "lxc" ? "CT" : "VM"} ${vmid} · ${node}`,
      also: `${instance} ${tagsOf(guest).join(" ")}`,
    });
  });
}

function storagesOf(picture: Picture): Entry[] {
  const at = (id: string): Deed => ({ kind: "show", page: "storage", id });
  return [
    ...Object.values(picture.storage).map(({ id, name, node, instance, type, shared }) =>
      toEntry({
        ...{ id, icon: "storage", name, deed: at(id), also: `${instance} ${node}` },
        hint: t("storage, {type} · {where}", { type, where: shared ? instance : node }),
      }),
    ),
    ...toZfsRows(picture).map(({ id, pool, node, instance }) =>
      toEntry({
        ...{ id, icon: "storage", name: pool.name, deed: at(id), also: instance },
        hint: t("ZFS pool · {node}", { node }),
      }),
    ),
    ...Object.values(picture.cephClusters).map(({ id, name, instance }) =>
      toEntry({ id, icon: "storage", name, hint: t("Ceph"), also: instance, deed: at(id) }),
    ),
    ...Object.values(picture.physicalDisks).map(({ id, devPath, model, serial, node, instance }) =>
      toEntry({
        ...{ id, icon: "storage", name: devPath, deed: at(id), also: `${serial} ${instance}` },
        hint: t("disk of {node}{model}", { node, model: model === "" ? "" : ` · ${model}` }),
      }),
    ),
  ];
}

function backupServersOf({ pbs }: Picture): Entry[] {
  return Object.values(pbs).flatMap(({ id, name, datastores }) => {
    const deed: Deed = { kind: "show", page: "backups", id };
    return [
      toEntry({ id, icon: "storage", name, hint: t("Backup Server"), deed }),
      ...datastores.map(store =>
        toEntry({
          ...{ id: store.id, icon: "storage", name: store.name, deed },
          hint: t("datastore of {name}", { name }),
        }),
      ),
    ];
  });
}

function dockerOf({ dockerHosts, dockerContainers }: Picture): Entry[] {
  return [
    ...Object.values(dockerHosts).map(({ id, displayName, hostname }) =>
      toEntry({
        ...{ id, icon: "node", name: displayName, hint: t("Docker host"), also: hostname },
        deed: { kind: "show", page: "docker", id },
      }),
    ),
    ...Object.values(dockerContainers).map(({ id, name, hostId, project, image }) =>
      toEntry({
        ...{ id, icon: "lxc", name, also: `${project ?? ""} ${image}` },
        hint: t("container on {host}", { host: dockerHosts[hostId]?.displayName ?? hostId }),
        deed: { kind: "show", page: "docker", id },
      }),
    ),
  ];
}

/** The pages, and their parts. `may`: whether the reader has that right. */
export function pagesFor(session: Session | null): { pages: Entry[]; parts: Entry[] } {
  const may = (right: "read" | "admin") => session?.may.includes(right) ?? right === "read";
  const toPage = (name: string, search: string, hint: string) =>
    toEntry({ id: `page ${search}`, icon: "chevron", name, hint, deed: { kind: "go", search } });
  const toParts = (
    page: PageKey,
    list: readonly { key: string; name: string; needs: "read" | "admin" }[],
    param: string,
  ) =>
    list
      .filter(({ key, needs }) => key !== "" && may(needs))
      .map(({ key, name }) => toPage(`${nameOf(page)}: ${name}`, `?page=${page}&${param}=${key}`, t("part of a page")));
  return {
    pages: [...PAGES, ...MORE_PAGES].map(({ key, name }) => toPage(name, key === "" ? "" : `?page=${key}`, t("page"))),
    parts: [...toParts("alerts", ALERT_TABS, "tab"), ...toParts("settings", sectionsFor(session), "section")],
  };
}

/** The views that the reader has saved. */
export function viewsOf(views: readonly View[]): Entry[] {
  return views.map(({ name, search }) =>
    toEntry({
      ...{ id: `view ${name} ${search}`, icon: "views", name, deed: { kind: "go", search } },
      hint: t("view of {page}", { page: nameOf(pageOf(search)) }),
    }),
  );
}

function nameOf(page: string): string {
  return PAGES.find(({ key }) => key === page)?.name ?? page;
}
