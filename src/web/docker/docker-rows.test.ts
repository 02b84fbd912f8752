import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyPicture, type Picture } from "../../model/picture.ts";
import { CONTAINERS, type HostedContainer } from "../search/fields.ts";
import { parseQuery } from "../search/query.ts";
import { toGroups } from "../ui/table-lines.ts";
import { containerGroupings, toFilters, toHosted, toHostRows, toIssues } from "./docker-rows.ts";

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
  service: null,
  imageId: null,
  imageCreatedAt: null,
  networkIn: 2000,
  networkOut: null,
  diskRead: null,
  diskWrite: null,
  mounts: [],
  restartPolicy: null,
  pids: null,
  hostname: "dock1",
  hostCpus: 4,
  issues: [],
  lastSeen: 1,
  stale: false,
  fault: null,
  ...more,
});

const WEB = container("web", { project: "site", ports: [{ privatePort: 80, publicPort: 8080, protocol: "tcp" }] });
const DB = container("db", { image: "postgres:17", cpuPercent: 150, labels: { tier: "back" }, health: "unhealthy" });
const OLD = container("old", {
  issues: ["restart-loop"],
  mounts: [{ type: "bind", source: "/srv/old", destination: "/data", readOnly: false }],
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
  ["issue:*", ["old"]],
  ["issue:restart-loop,unhealthy", ["old"]],
  ["mount:/srv/*", ["old"]],
  ["in>1K -project:site", ["db", "old"]],
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
  assert.deepEqual(
    toHosted(picture).map(({ name, issues }) => [name, issues]),
    [
      ["web", ["memory-pressure"]],
      ["old", ["restart-loop"]],
    ],
  );
  const silent = { ...host, status: "offline", stale: true, fault: "No report" };
  assert.deepEqual(
    toIssues({ ...picture, dockerHosts: { m1: silent } } as unknown as Picture).map(({ says, shows }) => [says, shows]),
    [["does not report any more", "m1"]],
  );
});

const swarm = (name: string, hostId: string) =>
  container(name, { hostId, hostname: hostId, project: "shop", labels: { "com.docker.stack.namespace": "shop" } });

test("containers are listed below their host or their project, those with something wrong first", () => {
  const all = [
    container("alone", { hostId: "a", hostname: "a" }),
    container("web", { hostId: "a", hostname: "a", project: "site" }),
    container("web", { hostId: "b", hostname: "b", project: "site", issues: ["unhealthy"] }),
    swarm("shop.1", "a"),
    swarm("shop.2", "b"),
  ];
  const groupings = containerGroupings(() => null);
  const of = (by: "host" | "project") => {
    const grouping = groupings.find(({ key }) => key === by);
    assert.ok(grouping);
    return toGroups(all, grouping).map(({ name, rows }) => [name, ...rows.map(row => row.hostId)]);
  };
  assert.deepEqual(of("host"), [
    ["b", "b", "b"],
    ["a", "a", "a", "a"],
  ]);
  assert.deepEqual(of("project"), [
    ["site", "b"],
    ["shop", "a", "b"],
    ["site", "a"],
    ["Without a project", "a"],
  ]);
});

test("only what divides the containers is worth a button", () => {
  assert.deepEqual(
    toFilters([WEB, DB, OLD]).map(({ term, count }) => [term, count]),
    [
      ["issue:*", 1],
      ["state:running", 2],
      ["state:exited", 1],
      ["health:unhealthy", 1],
    ],
  );
  assert.deepEqual(toFilters([WEB]), []);
});
