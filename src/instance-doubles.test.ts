import assert from "node:assert/strict";
import { test } from "node:test";
import { doubleOf, twinOf } from "./instance-doubles.ts";
import { SECOND } from "./kit/units.ts";
import type { Instance } from "./model/instance.ts";
import type { InstanceSettings } from "./model/instance-settings.ts";
import { emptyPicture, type Picture } from "./model/picture.ts";
import type { Probe } from "./model/probe.ts";

const pin = (letter: string) => Array.from({ length: 32 }, () => letter.repeat(2)).join(":");
const OLD = pin("A");
const MEMBER = pin("B");
const STRANGE = pin("C");

function settings(host: string, more: Partial<InstanceSettings> = {}): InstanceSettings {
  return {
    name: "new",
    type: "pve",
    host,
    credentials: { kind: "token", id: "a@pve!b", secret: "c" },
    trust: { kind: "ca", ca: null },
    interval: 10 * SECOND,
    ...more,
  };
}

function probed(fingerprint: string | null, cluster: Probe["cluster"] = null): Probe {
  return { fault: null, latency: 1, version: "9.1.1", cluster, fingerprint };
}

const PINNED = settings("https://10.0.0.1:8006", {
  name: "home",
  trust: { kind: "fingerprint", sha256: OLD },
});
const UNPINNED = { ...PINNED, trust: { kind: "ca", ca: null } } as const;
const CLUSTER = { name: "lab", nodes: ["pve1", "pve2"] };

/** Instance "home" as cluster "lab" of pve1 and pve2. */
function pictureOfLab(): Picture {
  const picture = emptyPicture();
  const home = { id: "home", name: "home", clusterName: "lab", endpoints: [{ url: "https://10.0.0.2:8006" }] };
  const nodes = ["pve1", "pve2"].map(node => [`home:${node}`, { instance: "home", node }]);
  return Object.assign(picture, { instances: { home }, nodes: Object.fromEntries(nodes) });
}

const CASES: [sentence: string, host: string, seen: Probe, other: InstanceSettings, double: RegExp | null][] = [
  ["the same address", "https://10.0.0.1:8006", probed(null), UNPINNED, /this address/],
  ["a known member's address", "https://10.0.0.2:8006", probed(null), PINNED, /this is a member/],
  ["another address with the pinned certificate", "https://pve:8006", probed(OLD), PINNED, /by its certificate/],
  ["another address with a member's certificate", "https://pve:8006", probed(MEMBER), PINNED, /by its certificate/],
  ["a certificate nobody pinned", "https://pve:8006", probed(OLD), UNPINNED, null],
  ["a strange certificate, standing alone", "https://pve:8006", probed(STRANGE), PINNED, null],
  ["the cluster by name and nodes", "https://pve:8006", probed(OLD, CLUSTER), UNPINNED, /member of cluster "lab"/],
  ["a namesake whose certificates are others", "https://pve:8006", probed(STRANGE, CLUSTER), PINNED, null],
  ["a namesake with other nodes", "https://pve:8006", probed(null, { name: "lab", nodes: ["a"] }), UNPINNED, null],
  ["another product at the same address", "https://10.0.0.1:8006", probed(null), { ...PINNED, type: "pmg" }, null],
];
for (const [sentence, host, seen, other, double] of CASES)
  test(`${sentence}: ${double ? "watched already" : "new"}`, () => {
    const members = () => [{ node: "pve2", url: "https://10.0.0.2:8006", fingerprint: MEMBER }];
    const why = doubleOf(settings(host), seen, [other], { picture: pictureOfLab(), members });
    if (double) assert.match(why ?? "", double);
    else assert.equal(why, null);
  });

test("one cluster that is named by two of its members is noticed once its members are known, by the later of the two", () => {
  const urls = ["https://10.0.0.1:8006", "https://10.0.0.2:8006", "https://10.0.0.3:8006"];
  const instance = (name: string, host: string, known: string[]) =>
    ({ id: name, name, type: "pve", host, endpoints: known.map(url => ({ url })) }) as Instance;
  const twins = (a: Instance, b: Instance) => [twinOf(a, { a, b }), twinOf(b, { a, b })].map(why => why !== null);
  const [first = "", second = "", third = ""] = urls;
  assert.deepEqual(twins(instance("a", first, urls), instance("b", third, urls)), [false, true]);
  assert.deepEqual(twins(instance("a", first, urls), instance("b", third, [third])), [false, false]);
  assert.deepEqual(twins(instance("a", first, [first]), instance("b", second, [second])), [false, false]);
});
