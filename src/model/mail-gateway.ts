import { type Static, Type } from "typebox";
import { Nullable } from "./schema.ts";

const time = (description: string) => Type.String({ description: `${description} (RFC 3339)` });
const count = Nullable(Type.Number());

export const MailQueue = Type.Object({
  active: count,
  deferred: count,
  hold: count,
  incoming: count,
  total: Nullable(Type.Number({ description: "null: one of the four is not known" })),
  oldestAge: Type.Number({
    description:
      "At least so old is the oldest mail, s: the lower bound of its column; 0: younger than 5 minutes, or none",
  }),
  updatedAt: time("When it was looked at"),
});
export type MailQueue = Static<typeof MailQueue>;

export const GatewayNode = Type.Object({
  name: Type.String(),
  status: Type.String({ description: "online, or offline: the member that was asked cannot reach it" }),
  role: Type.String({ description: 'master, node, or "-": a gateway on its own' }),
  uptime: Nullable(Type.Number({ description: "seconds" })),
  loadAvg: Nullable(Type.String({ description: "1, 5 and 15 minutes, comma-separated" })),
  queueStatus: Nullable(MailQueue),
  error: Nullable(Type.String({ description: "Why it is offline, or what could not be read of it" })),
});
export type GatewayNode = Static<typeof GatewayNode>;

const figures = {
  countIn: count,
  countOut: count,
  spamIn: count,
  spamOut: count,
  virusIn: count,
  virusOut: count,
  rblRejects: count,
  bouncesIn: count,
  bouncesOut: count,
};

export const MailStats = Type.Object({
  timeframe: Type.Literal("day", { description: "The last 24 hours." }),
  countTotal: count,
  ...figures,
  pregreetRejects: count,
  greylistCount: count,
  junkIn: count,
  bytesIn: count,
  bytesOut: count,
  averageProcessTimeMs: count,
  updatedAt: time("When it was looked at"),
});
export type MailStats = Static<typeof MailStats>;

export const MailCount = Type.Object({
  timestamp: time("When the hour began"),
  count,
  ...figures,
  pregreet: count,
  greylist: Nullable(Type.Number({ description: "null: the product does not tell it by the hour" })),
  index: Type.Integer(),
  timeframe: Type.Literal("hour"),
  windowStart: time("Of all hours together"),
  windowEnd: time("Of all hours together"),
});
export type MailCount = Static<typeof MailCount>;

export const MailGateway = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    instance: Type.String(),
    host: Type.String({ description: "The configured URL." }),
    status: Type.Union([Type.Literal("online"), Type.Literal("offline"), Type.Literal("unknown")]),
    version: Nullable(Type.String()),
    nodes: Type.Array(GatewayNode),
    mailStats: Nullable(MailStats),
    mailCount: Type.Array(MailCount),
    spamDistribution: Type.Array(
      Type.Object({ score: Type.String({ description: "0 to 10; 10: and more" }), count: Type.Number() }),
    ),
    quarantine: Nullable(
      Type.Object({
        spam: count,
        virus: count,
        attachment: Nullable(Type.Number({ description: "null: the product does not tell" })),
        blacklisted: Nullable(Type.Number({ description: "null: the product does not tell" })),
      }),
    ),
    connectionHealth: Type.Union([Type.Literal("healthy"), Type.Literal("degraded"), Type.Literal("error")]),
    faults: Type.Record(Type.String(), Type.String(), {
      description: "What could not be read, and why: by part (statistics, quarantine…). The rest is as it should be.",
    }),
    lastUpdated: time("When the statistics were last looked at; empty: never"),
    lastSeen: time("When the data was last seen to be so; empty: never"),
    stale: Type.Boolean(),
    fault: Nullable(Type.String({ description: "Why the data is stale; null while it is fresh" })),
  },
  { $id: "MailGateway", description: "A Proxmox Mail Gateway, or a cluster of them." },
);
export type MailGateway = Static<typeof MailGateway>;
