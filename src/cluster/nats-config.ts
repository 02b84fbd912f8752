import { rightsOfEdges } from "./edge-rights.ts";

/** Who gets in at the NATS servers, by which password. */
export interface NatsUsers {
  core: string;
  /** The servers among themselves. */
  routes: string;
  /** By site, or by site and edge: see `userOfEdge`. */
  edges: Readonly<Record<string, string>>;
}

/** Where one of the servers stands, or each of them, where they have folders and addresses of their own. */
export interface NatsPlace {
  /** Left out: it is given to nats-server as `--name`. */
  name?: string;
  /** For cores and edges. */
  listen: string;
  /** For one another. */
  cluster: string;
  /** The `cluster` of all of them, as others reach it. */
  routes: readonly string[];
  /** Where they store. */
  folder: string;
  /** Files with the certificate and its key; left out: whoever is on the line reads along. */
  tls?: { cert_file: string; key_file: string };
}

const CORE = "core";
const ROUTES = "routes";
/** An instance of some thousand guests makes a look of several megabytes. */
const LARGEST = 8 * 2 ** 20;

/** The user of one edge alone. No name has such a mark. */
export function userOfEdge(site: string, edge: string): string {
  return `${site}+${edge}`;
}

/** ... and of which edge and site a user is; `edge`: null: of all edges of its site. */
export function edgeOfUser(user: string): { site: string; edge: string | null } {
  const [site = "", edge = null] = user.split("+");
  return { site, edge };
}

/** nats-server's configuration, which is JSON as well: cores may do everything, the edges of a site what is that site's. */
export function natsConfig(users: NatsUsers, { name, listen, cluster, routes, folder, tls }: NatsPlace): object {
  const at = routes.map(route => `nats://${ROUTES}:${users.routes}@${route}`);
  return {
    ...(name === undefined ? {} : { server_name: name }),
    listen,
    max_payload: LARGEST,
    jetstream: { store_dir: folder },
    ...(tls ? { tls } : {}),
    cluster: {
      name: "pulse",
      listen: cluster,
      authorization: { user: ROUTES, password: users.routes },
      routes: at,
      no_advertise: true,
    },
    authorization: {
      users: [
        { user: CORE, password: users.core },
        ...Object.entries(users.edges).map(([user, password]) => ({
          ...{ user, password },
          permissions: rightsOfEdges(edgeOfUser(user).site),
        })),
      ],
    },
  };
}

/** Whom a configuration of `natsConfig` lets in; null: it is none. */
export function usersOf(config: unknown): NatsUsers | null {
  const { cluster, authorization } = (config ?? {}) as Partial<Written>;
  const users = authorization?.users ?? [];
  const core = users.find(({ user }) => user === CORE)?.password;
  const routes = cluster?.authorization?.password;
  if (core === undefined || routes === undefined) return null;
  const edges = users.filter(({ user }) => user !== CORE).map(({ user, password }) => [user, password] as const);
  return { core, routes, edges: Object.fromEntries(edges) };
}

interface Written {
  cluster: { authorization?: { password?: string } };
  authorization: { users?: { user: string; password: string }[] };
}
