import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyPicture, type Picture } from "../../model/picture.ts";
import { CONTAINERS, type HostedContainer } from "../search/fields.ts";
import { parseQuery } from "../search/query.ts";
import { toHosted, toHostRows, toIssues } from "./docker-rows.ts";

const container = (name: string, more: Partial<HostedContainer> = {}): HostedContainer => ({
  id: `docker:m1/${name}`,
  containerId: "c",
  hostId: "m1",
  name,
  image: "nginx:1.27",
  state: "running",
  status: "Up",
  health: null,
  cpuPercent: 10,
  memoryUsageBytes: 1e9,
  memoryLimitBytes: null,
  memoryPercent: 12,
  uptimeSeconds: 3600,
  restartCount: 0,
  exitCode: 0,
  oomKilled: null,
  createdAt: null,
  startedAt: null,
  finishedAt: null,
  ports: [],
  labels: {},
  networks: [],
  project: null,
  hostname: "dock1",
  lastSeen: 1,
  stale: false,
  fault: null,
  ...more,
});

const WEB = container("web", { project: "site", ports: [{ privatePort: 80, publicPort: 8080, protocol: "tcp" }] });
const DB = container("db", { image: "postgres:17", cpuPercent: 150, labels: { tier: "back" }, health: "unhealthy" });
const OLD = container("old", {
  state: "exited",
  cpuPercent: null,
  memoryPercent: null,
  restartCount: 4,
  hostname: "dock2",
});

const CASES: [text: string, found: string[]][] = [
  ["", ["web", "db", "old"]],
  ["postgres", ["db"]],
  ["host:dock1", ["web", "db"]],
  ["image:nginx*", ["web", "old"]],
  ["state:exited", ["old"]],
  ["is:running cpu>100", ["db"]],
  ["project:site", ["web"]],
  ["label:tier=back", ["db"]],
  ["port:8080", ["web"]],
  ["health:unhealthy OR restarts>=4", ["db", "old"]],
  ["cpu<50", ["web"]],
];
for (const [text, found] of CASES)
  test(`"${text}" finds ${found.join(", ")}`, () => {
    const query = parseQuery(text, CONTAINERS);
    assert.equal(query.error, null);
    assert.deepEqual(
      [WEB, DB, OLD].filter(query.test).map(({ name }) => name),
      found,
    );
  });

test("hosts count their containers, and what is wrong comes with the worst first", () => {
  const host = {
    id: "m1",
    displayName: "dock1",
    stale: false,
    issues: [
      { kind: "memory-pressure", container: WEB.id, name: "web", message: "Uses 95 %" },
      { kind: "restart-loop", container: OLD.id, name: "old", message: "Starts again and again" },
    ],
  };
  const picture = {
    ...emptyPicture(),
    dockerHosts: { m1: host },
    dockerContainers: { [WEB.id]: WEB, [OLD.id]: OLD },
  } as unknown as Picture;
  assert.deepEqual(
    toHostRows(picture).map(({ containers, running }) => [containers, running]),
    [[2, 1]],
  );
  assert.deepEqual(
    toHosted(picture).map(({ hostname }) => hostname),
    ["dock1", "dock1"],
  );
  assert.deepEqual(
    toIssues(picture).map(({ level, subject, shows }) => [level, subject, shows]),
    [
      ["critical", "old", OLD.id],
      ["warning", "web", WEB.id],
    ],
  );
});
