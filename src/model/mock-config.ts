import { type Static, Type } from "typebox";
import { Nullable } from "./schema.ts";

const count = (least: number, most: number, description: string) =>
  Type.Integer({ minimum: least, maximum: most, description, must: `must be a whole number, ${least} to ${most}` });

/** What the simulated estate is made of. */
export const MOCK_FIELDS = {
  nodeCount: count(1, 100, "Nodes, of one cluster."),
  vmsPerNode: count(0, 200, "VMs on each."),
  lxcsPerNode: count(0, 200, "Containers (LXC) on each."),
  dockerHostCount: count(0, 50, "Docker hosts that report."),
  dockerContainersPerHost: count(0, 100, "Containers on each of those."),
  randomMetrics: Type.Boolean({ description: "Values move." }),
  highLoadNodes: Nullable(
    Type.Array(Type.String({ maxLength: 63 }), {
      maxItems: 100,
      description: "Nodes with nearly all of their CPU in use.",
    }),
  ),
  stoppedPercent: Type.Number({
    minimum: 0,
    maximum: 1,
    description: "Share of the guests that are off, 0 to 1.",
    must: "must be a number from 0 to 1",
  }),
} as const;

const MockConfig = Type.Object(MOCK_FIELDS);
export type MockConfig = Static<typeof MockConfig>;

/** What is left out stays. */
export const MockChange = Type.Partial(Type.Object(MOCK_FIELDS));
export type MockChange = Static<typeof MockChange>;

/** Whether the simulated estate is watched; `config` null: the estate of the demo. */
export interface MockChoice {
  enabled: boolean;
  config: MockConfig | null;
}

/** The demo in these figures: what each node and host has on average. */
export const DEMO_MOCK: MockConfig = {
  nodeCount: 8,
  vmsPerNode: 12,
  lxcsPerNode: 6,
  dockerHostCount: 5,
  dockerContainersPerHost: 7,
  randomMetrics: true,
  highLoadNodes: null,
  stoppedPercent: 0.05,
};
