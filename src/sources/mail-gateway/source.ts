import { every } from "../../kit/every.ts";
import { toRow, toText } from "../../kit/fields.ts";
import { type Instant, MINUTE, type Millis } from "../../kit/units.ts";
import type { GatewayNode, MailGateway, MailQueue } from "../../model/mail-gateway.ts";
import type { Whole } from "../../model/observation.ts";
import type { SourceReport } from "../../model/source-report.ts";
import { ServerLooks, type ServerOptions } from "../proxmox/server-looks.ts";
import type { Observe, Source } from "../source.ts";
import { QUEUES, type QueueName, type QueueShape, toMailQueue, toNodes, toQueueShape } from "./nodes.ts";
import { toMailCount, toMailStats, toQuarantineCount, toQuery, toSpamDistribution, windowAt } from "./statistics.ts";

/** How often statistics and queues are read: the database has to count for the one, a program runs for each of the others. */
const DETAILS_INTERVAL: Millis = MINUTE;

type Details = Pick<
  MailGateway,
  "version" | "mailStats" | "mailCount" | "spamDistribution" | "quarantine" | "lastUpdated"
>;

/**
 * One Mail Gateway, or the cluster that it is a member of. Its members at the configured interval; mail, quarantine and each member's
 * queues every minute. What fails or is not allowed is told as that part's fault.
 */
export class MailGatewaySource implements Source {
  readonly #options: ServerOptions;
  readonly #looks: ServerLooks;
  #nodes: readonly GatewayNode[] = [];
  #details: Details = {
    version: null,
    mailStats: null,
    mailCount: [],
    spamDistribution: [],
    quarantine: null,
    lastUpdated: "",
  };
  /** By node. */
  #queues: ReadonlyMap<string, MailQueue> = new Map();

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#looks = new ServerLooks(options);
  }

  async run(observe: Observe, signal: AbortSignal): Promise<void> {
    const { settings, clock } = this.#options;
    await using looks = this.#looks;
    const firstLook = Promise.withResolvers<void>();
    const look = async (at: Instant) => {
      await looks.whole(at, () => this.#readMembers(signal), observe, signal);
      firstLook.resolve();
    };
    const lookAtDetails = async () => {
      await firstLook.promise;
      const at = clock.now();
      await looks.details(DETAILS_INTERVAL, at, async () => {
        this.#details = await this.#readDetails(at, signal);
        this.#queues = await this.#readQueues(at, signal);
      });
    };
    await Promise.all([
      every(() => looks.patience.pause(settings.interval), look, clock, signal),
      every(DETAILS_INTERVAL, lookAtDetails, clock, signal),
    ]);
  }

  report(): SourceReport {
    return this.#looks.report();
  }

  async #readMembers(signal: AbortSignal) {
    this.#nodes = toNodes(await this.#looks.client.get("/config/cluster/status?list_single_node=1", signal));
    return { lists: { pmg: [this.#toGateway()] }, version: this.#details.version };
  }

  #toGateway(): Whole<MailGateway> {
    const { name, title, host } = this.#options.settings;
    const nodes = this.#nodes.map(node => ({
      ...node,
      queueStatus: node.status === "online" ? (this.#queues.get(node.name) ?? null) : null,
    }));
    return {
      id: name,
      name: title ?? name,
      instance: name,
      host,
      status: "online",
      ...this.#details,
      nodes,
      connectionHealth: "healthy",
      faults: this.#looks.notes.toRecord(),
    };
  }

  async #readDetails(at: Instant, signal: AbortSignal): Promise<Details> {
    const last = this.#details;
    const window = windowAt(at);
    const query = toQuery(window);
    const read = <T>(part: string, path: string, translate: (data: unknown) => T) =>
      this.#looks.notes.reading(part, async () => translate(await this.#looks.client.get(path, signal)));
    const version = await read("version", "/version", data => toText(toRow(data)?.version));
    const stats = await read("statistics", `/statistics/mail?${query}`, data => toMailStats(data, at));
    const hours = await read("hourly counts", `/statistics/mailcount?${query}&timespan=3600`, data =>
      toMailCount(data, window),
    );
    const scores = await read("spam scores", `/statistics/spamscores?${query}`, toSpamDistribution);
    const spam = await read("spam quarantine", "/quarantine/spamstatus", toQuarantineCount);
    const virus = await read("virus quarantine", "/quarantine/virusstatus", toQuarantineCount);
    return {
      version: version ?? last.version,
      mailStats: stats ?? last.mailStats,
      mailCount: hours ?? last.mailCount,
      spamDistribution: scores ?? last.spamDistribution,
      quarantine: spam === null && virus === null ? null : { spam, virus, attachment: null, blacklisted: null },
      lastUpdated: new Date(at).toISOString(),
    };
  }

  async #readQueues(at: Instant, signal: AbortSignal): Promise<Map<string, MailQueue>> {
    const queues = new Map<string, MailQueue>();
    const online = this.#nodes.filter(node => node.status === "online").map(node => node.name);
    this.#looks.notes.keep(
      part => !part.includes(QUEUE_OF) || online.some(node => part.endsWith(`${QUEUE_OF}${node}`)),
    );
    for (const node of online) {
      const shapes: Record<QueueName, QueueShape | null> = { active: null, deferred: null, hold: null, incoming: null };
      for (const queue of QUEUES)
        shapes[queue] = await this.#looks.notes.reading(`${queue}${QUEUE_OF}${node}`, async () =>
          toQueueShape(
            await this.#looks.client.get(`/nodes/${encodeURIComponent(node)}/postfix/qshape?queue=${queue}`, signal),
          ),
        );
      if (QUEUES.some(queue => shapes[queue] !== null)) queues.set(node, toMailQueue(shapes, at));
    }
    return queues;
  }
}

const QUEUE_OF = " queue of ";
