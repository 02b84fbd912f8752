import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance } from "../../model/instance.ts";
import type { Node } from "../../model/node.ts";
import { emptyPicture } from "../../model/picture.ts";
import { toHeadrooms } from "./headroom.ts";

/** A cluster of nodes of so many GiB, so many of them used. */
function cluster(
  sizes: readonly [total: number, used: number, fields?: Partial<Node>][],
  clusterName: string | null = "lab",
) {
  const picture = emptyPicture();
  picture.instances.home = { id: "home", name: "home", type: "pve", clusterName } as Instance;
  for (const [at, [total, used, fields]] of sizes.entries()) {
    const id = `home:node:pve${at + 1}`;
    const made = { id, displayName: `pve${at + 1}`, instance: "home", status: "online", stale: false };
    const load = { memory: { total, used }, cpu: 0.5, cpuInfo: { cores: 8 } };
    picture.nodes[id] = { ...made, ...load, ...fields } as Node;
  }
  return picture;
}

const CASES: readonly [says: string, picture: ReturnType<typeof cluster>, memory: number | null | "none"][] = [
  [
    "the largest of three can go",
    cluster([
      [64, 20],
      [128, 40],
      [64, 20],
    ]),
    62.5,
  ],
  [
    "two that are more than half full cannot do without each other",
    cluster([
      [64, 48],
      [64, 32],
    ]),
    125,
  ],
  [
    "a node that is down is lost already",
    cluster([
      [64, 16],
      [64, 16],
      [64, 0, { status: "offline" }],
    ]),
    50,
  ],
  [
    "what one node uses is not known: nobody can tell",
    cluster([
      [64, 16],
      [64, 16, { memory: null }],
    ]),
    null,
  ],
  ["a node alone has nobody to take over", cluster([[64, 16]]), "none"],
  [
    "a host of its own is no cluster",
    cluster(
      [
        [64, 16],
        [64, 16],
      ],
      null,
    ),
    "none",
  ],
];

test("what is left of a cluster without its largest node", () => {
  for (const [says, picture, memory] of CASES) {
    const [found] = toHeadrooms(picture);
    assert.equal(found ? found.memory : "none", memory, says);
  }
  assert.equal(
    toHeadrooms(
      cluster([
        [64, 16],
        [128, 16],
      ]),
    )[0]?.largest,
    "pve2",
  );
  assert.equal(
    toHeadrooms(
      cluster([
        [64, 16],
        [64, 16],
      ]),
    )[0]?.cpu,
    100,
  );
});
