import assert from "node:assert/strict";
import { test } from "node:test";
import { BadSettings } from "./bad-settings.ts";
import { readPulseYaml, type Surroundings } from "./pulse-yaml.ts";

const FILES: Record<string, string> = { "token.txt": "pulse@pve!monitor=from-file\n", "ca.pem": "PEM" };
const SURROUNDINGS: Surroundings = {
  environment: { PVE_PASSWORD: "from-environment" },
  judges: { thresholds: () => [], channels: () => [] },
  readText: path => {
    const text = FILES[path];
    if (text === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    return text;
  },
};
const readAll = (text: string) => readPulseYaml(text, "pulse.yaml", SURROUNDINGS);
const read = (text: string) => readAll(text).instances;
const FINGERPRINT = Array.from({ length: 32 }, () => "ab").join(":");

test("an empty file configures nothing", () => {
  assert.deepEqual(read(""), []);
  assert.deepEqual(read("# nothing yet\n"), []);
  assert.deepEqual(read("instances: []\n"), []);
});

test("a token, a default port, the system's authorities", () => {
  const text =
    "instances:\n  - { name: home, type: pve, host: 192.168.1.10, token: 'pulse@pve!monitor=secret=with=equals' }\n";
  assert.deepEqual(read(text), [
    {
      name: "home",
      type: "pve",
      host: "https://192.168.1.10:8006",
      credentials: { kind: "token", id: "pulse@pve!monitor", secret: "secret=with=equals" },
      trust: { kind: "ca", ca: null },
      interval: null,
    },
  ]);
});

test("secrets from a file and from the environment, a realm added, a fingerprint, an IPv6 host", () => {
  const [first, second] = read(`
instances:
  - name: a
    type: pve
    host: https://[fd00::10]
    token: { file: token.txt }
    fingerprint: ${FINGERPRINT}
    interval: 30
  - name: b
    type: pve
    host: pve.example.com:443
    user: root
    password: { env: PVE_PASSWORD }
    verifySSL: false
`);
  assert.equal(first?.host, "https://[fd00::10]:8006");
  assert.deepEqual(first?.credentials, { kind: "token", id: "pulse@pve!monitor", secret: "from-file" });
  assert.deepEqual(first?.trust, { kind: "fingerprint", sha256: FINGERPRINT.toUpperCase() });
  assert.equal(first?.interval, 30_000);
  assert.equal(second?.host, "https://pve.example.com");
  assert.deepEqual(second?.credentials, { kind: "password", user: "root@pam", password: "from-environment" });
  assert.deepEqual(second?.trust, { kind: "any" });
});

test("a Backup Server at its own port, its token written either way, and a Mail Gateway with user and password", () => {
  const [first, second, third] = read(`
instances:
  - { name: a, type: pbs, host: pbs.example.com, token: 'pulse@pbs!monitor:secret' }
  - { name: b, type: pbs, host: 'https://pbs.example.com:443', token: 'pulse@pbs!monitor=secret' }
  - { name: c, type: pmg, host: pmg.example.com, user: pulse@pmg, password: p }
`);
  const token = { kind: "token", id: "pulse@pbs!monitor", secret: "secret" };
  assert.deepEqual([first?.type, first?.host, first?.credentials], ["pbs", "https://pbs.example.com:8007", token]);
  assert.deepEqual([second?.host, second?.credentials], ["https://pbs.example.com", token]);
  assert.deepEqual([third?.type, third?.host], ["pmg", "https://pmg.example.com:8006"]);
  assert.deepEqual(third?.credentials, { kind: "password", user: "pulse@pmg", password: "p" });
});

const GOOD = "name: a, type: pve, host: h, token: 'u@pve!t=s'";
const BAD: [sentence: string, text: string, problem: RegExp][] = [
  ["broken YAML", "instances:\n  - name: [", /^pulse.yaml:\d+: /],
  ["a list in place of the file", "- a\n", /^pulse.yaml:1: the file: /],
  ["an unknown field", `instances:\n  - { ${GOOD}, hots: x }\n`, /^pulse.yaml:2: instances\[0\]\.hots: unknown field/],
  ["a missing field", "instances:\n  - name: a\n    type: pve\n", /^pulse.yaml:2: instances\[0\]\.host: missing/],
  [
    "a name with a colon",
    `instances:\n  - { ${GOOD.replace("name: a", "name: 'a:b'")} }\n`,
    /^pulse.yaml:2: instances\[0\]\.name: /,
  ],
  ["a type that is not known", `instances:\n  - { ${GOOD.replace("pve,", "esx,")} }\n`, /instances\[0\]\.type: /],
  [
    "a host that is no address",
    `instances:\n  -\n    { ${GOOD.replace("host: h", "host: 'ftp://x'")} }\n`,
    /^pulse.yaml:3: instances\[0\]\.host: "ftp:\/\/x" is no address/,
  ],
  [
    "a host with a path",
    `instances:\n  - { ${GOOD.replace("host: h", "host: 'https://x/pve'")} }\n`,
    /instances\[0\]\.host: /,
  ],
  [
    "no sign-in",
    "instances:\n  - { name: a, type: pve, host: h }\n",
    /^pulse.yaml:2: instances\[0\]: sign-in is missing/,
  ],
  [
    "a token without a secret",
    "instances:\n  - { name: a, type: pve, host: h, token: 'u@pve!t' }\n",
    /instances\[0\]\.token: is not of the form/,
  ],
  [
    "a colon in a token of Proxmox VE",
    "instances:\n  - { name: a, type: pve, host: h, token: 'u@pve!t:s' }\n",
    /instances\[0\]\.token: is not of the form/,
  ],
  [
    "a token for a Mail Gateway",
    "instances:\n  - { name: a, type: pmg, host: h, token: 'u@pmg!t=s' }\n",
    /instances\[0\]\.token: Proxmox Mail Gateway has no API tokens: give user and password/,
  ],
  [
    "a Mail Gateway without sign-in",
    "instances:\n  - { name: a, type: pmg, host: h }\n",
    /instances\[0\]: sign-in is missing: give user and password/,
  ],
  [
    "token and password",
    `instances:\n  - { ${GOOD}, user: u, password: p }\n`,
    /instances\[0\]\.password: give a token or a password/,
  ],
  ["a short fingerprint", `instances:\n  - { ${GOOD}, fingerprint: 'AA:BB' }\n`, /instances\[0\]\.fingerprint: /],
  ["an interval of a second", `instances:\n  - { ${GOOD}, interval: 1 }\n`, /instances\[0\]\.interval: /],
  [
    "a secret file that is not there",
    "instances:\n  - { name: a, type: pve, host: h, token: { file: nowhere } }\n",
    /file "nowhere" cannot be read \(ENOENT\)/,
  ],
  [
    "an environment variable that is not set",
    "instances:\n  - { name: a, type: pve, host: h, user: u, password: { env: NOPE } }\n",
    /"NOPE" is not set/,
  ],
  [
    "a password that begins with a star, without quotes, and is not told",
    "instances:\n  - { name: a, type: pve, host: h, user: u, password: *hunter2* }\n",
    /^pulse.yaml:2: (?!.*hunter2).*needs quotes/,
  ],
  [
    "references that come to more than can be read",
    `a: &a [${"1,".repeat(9)}]\n${["ab", "bc", "cd", "de"].map(([from, to]) => `${to}: &${to} [${`*${from},`.repeat(9)}]\n`).join("")}`,
    /^pulse.yaml:1: the file: its references/,
  ],
  [
    "the same address twice",
    `instances:\n  - { ${GOOD} }\n  - { ${GOOD.replace("name: a", "name: b").replace("host: h", "host: 'https://h:8006'")} }\n`,
    /^pulse.yaml:3: instances\[1\]\.host: this address is watched as "a" already/,
  ],
  ["a second document", "system: {}\n---\nsystem: {}\n", /^pulse.yaml:2: a second document begins here/],
  [
    "the same name twice",
    `instances:\n  - { ${GOOD} }\n  - { ${GOOD} }\n`,
    /^pulse.yaml:3: instances\[1\]\.name: "a" is taken/,
  ],
];

for (const [sentence, text, problem] of BAD)
  test(`${sentence} is refused with file, line and field`, () => {
    assert.throws(
      () => read(text),
      (error: unknown) => {
        assert.ok(error instanceof BadSettings);
        assert.match(error.problems.join("\n"), problem);
        return true;
      },
    );
  });

test("no secret stands in a problem", () => {
  try {
    read("instances:\n  - { name: a, type: pve, host: h, token: 'hunter2-is-no-token' }\n");
    assert.fail("accepted");
  } catch (error) {
    assert.ok(error instanceof BadSettings);
    assert.doesNotMatch(error.message, /hunter2/);
  }
});

test("settings of the server and users, with secrets from elsewhere", () => {
  const { system, users } = readAll(`
system:
  theme: dark
  historyRawDays: 0.5
  allowedOrigins: https://a.example
users:
  - { name: anna, role: admin, password: { env: PVE_PASSWORD } }
  - { name: ben, role: viewer, password: "$2b$12$${"a".repeat(53)}" }
`);
  assert.deepEqual(system, {
    theme: { value: "dark", by: "pulse.yaml" },
    historyRawDays: { value: 0.5, by: "pulse.yaml" },
    allowedOrigins: { value: "https://a.example", by: "pulse.yaml" },
  });
  assert.deepEqual(
    users.map(({ name, role, password }) => `${name} ${role} ${password.slice(0, 7)}`),
    ["anna admin from-en", "ben viewer $2b$12$"],
  );
});

test("every problem of every section is told with its line", () => {
  const text = `system:
  theme: mauve
  warp: 9
users:
  - name: anna
    role: boss
    password: long enough
  - { name: ben, role: viewer, password: short }
instances:
  - { name: a, type: pve, host: 10.0.0.1, token: "a@pam!b=c" }
`;
  assert.throws(() => readAll(text), {
    problems: [
      'pulse.yaml:6: users[0].role: must be one of "admin", "operator", "viewer"',
      "pulse.yaml:2: system.theme: must be one of empty, system, light, dark, contrast",
      "pulse.yaml:3: system.warp: unknown field",
    ],
  });
  assert.throws(() => readAll(text.replace("boss", "admin").replace("mauve", "dark").replace("  warp: 9\n", "")), {
    problems: ["pulse.yaml:7: users[1].password: at least 8 characters"],
  });
  const twice =
    "users:\n  - &a { name: Ann, role: admin, password: long enough }\n  - { name: ann, role: viewer, password: long enough }\n";
  assert.throws(() => readAll(twice), {
    problems: ['pulse.yaml:3: users[1].name: "ann" is taken by another of the users'],
  });
});

test("an archive has its password from elsewhere", () => {
  const { archive } = readAll("archive: { url: http://victoria:8428, user: pulse, password: { env: PVE_PASSWORD } }\n");
  const settings = { url: "http://victoria:8428", writeUrl: null, user: "pulse", password: "from-environment" };
  assert.deepEqual(archive, { settings, by: "pulse.yaml" });
  assert.throws(() => readAll("archive: { url: victoria:8428 }\n"), {
    problems: ['pulse.yaml:1: archive.url: "victoria:8428" is no address such as http://victoria:8428'],
  });
});
