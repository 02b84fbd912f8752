import type { Body } from "./machine.ts";
import { findRoute } from "./path-pattern.ts";
import { toMail, toMailCount, toQuarantine, toSpamScores } from "./pmg-mail.ts";
import { toClusterStatus, toNodeStatus, toNodes, toQueueShape, toVersion } from "./pmg-nodes.ts";
import type { MailGateway } from "./pmg-server.ts";
import { Refusal } from "./refusal.ts";
import { type Check, FLAG, INTEGER, oneOf } from "./route.ts";

/** A GET as a route of the Mail Gateway sees it. */
export interface PmgAsk {
  gateway: MailGateway;
  /** The node whose socket was asked. */
  asked: string;
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
}

interface Route {
  path: string;
  /** Every other parameter is refused: "timeframe" among them. */
  query?: Readonly<Record<string, Check>>;
  data: (ask: PmgAsk) => unknown;
}

/** The window of statistics: two times, or a calendar day, month or year. */
const WINDOW = { starttime: INTEGER, endtime: INTEGER, day: INTEGER, month: INTEGER, year: INTEGER };
/** Seconds; a bar an hour at the finest. */
const SPAN: Check = value =>
  INTEGER(value) ?? (Number(value) < 3600 ? "value must have a minimum value of 3600" : null);
const QUEUES = ["deferred", "active", "incoming", "hold"];

const ROUTES: readonly Route[] = [
  { path: "/version", data: ({ gateway }) => toVersion(gateway) },
  { path: "/config/cluster/status", query: { list_single_node: FLAG }, data: toClusterStatus },
  { path: "/nodes", data: ({ gateway }) => toNodes(gateway) },
  { path: "/nodes/{node}/status", data: ask => toNodeStatus(ask.gateway, nodeOf(ask)) },
  {
    path: "/nodes/{node}/postfix/qshape",
    query: { queue: oneOf(QUEUES) },
    data: ask => toQueueShape(ask.gateway, nodeOf(ask), ask.query.queue ?? "deferred"),
  },
  { path: "/statistics/mail", query: WINDOW, data: toMail },
  { path: "/statistics/mailcount", query: { ...WINDOW, timespan: SPAN }, data: toMailCount },
  { path: "/statistics/spamscores", query: WINDOW, data: toSpamScores },
  { path: "/quarantine/spamstatus", data: ({ gateway }) => toQuarantine(gateway, "spam") },
  { path: "/quarantine/virusstatus", data: ({ gateway }) => toQuarantine(gateway, "virus") },
];

/** The answer to a GET by whoever may ask. Throws Refusal. */
export function answer(gateway: MailGateway, asked: string, path: string, search: URLSearchParams): Body {
  const found = findRoute(ROUTES, path);
  if (!found) throw new Refusal(501, `Method 'GET ${path}' not implemented`);
  const { route, params } = found;
  const query = Object.fromEntries(search);
  const problems = Object.entries(query).flatMap(([name, value]) => {
    const check = route.query?.[name];
    const problem = check
      ? check(value)
      : "property is not defined in schema and the schema does not allow additional properties";
    return problem === null ? [] : [[name, problem] as const];
  });
  if (problems.length > 0) throw new Refusal(400, "Parameter verification failed.", Object.fromEntries(problems));
  return gateway.body(`${asked} ${path}?${search}`, () =>
    JSON.stringify({ data: route.data({ gateway, asked, params, query }) }),
  );
}

export function patternOf(path: string): string | null {
  return findRoute(ROUTES, path)?.route.path ?? null;
}

/** The node that the path names; every member answers for every other one, as long as that one is up. Throws Refusal. */
function nodeOf({ gateway, asked, params }: PmgAsk): string {
  const node = params.node === "localhost" ? asked : (params.node ?? "");
  if (!gateway.nodes.includes(node)) throw new Refusal(500, `no such cluster node '${node}'`);
  if (!gateway.isOn(node)) throw new Refusal(595, "No route to host");
  return node;
}
