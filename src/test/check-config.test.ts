import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FILE_JUDGES } from "../file-judges.ts";
import { BadSettings } from "../settings/bad-settings.ts";
import { readConfigFile } from "../settings/config-file.ts";
import { BUILT, PLAIN } from "./plain-environment.ts";

function newFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "pulse-check-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What `pulse check-config` says of a pulse.yaml. */
function check(folder: string, yaml: string, environment: Record<string, string> = {}) {
  writeFileSync(join(folder, "pulse.yaml"), yaml);
  const { status, stdout, stderr } = spawnSync(process.execPath, [...BUILT, "check-config"], {
    env: { ...PLAIN, PULSE_DATA_DIR: folder, ...environment },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("the example of the manual is good, and uses every section", context => {
  const folder = newFolder(context);
  const manual = readFileSync("docs/configuration.md", "utf8");
  const example = /```yaml\n(system:[\s\S]*?)```/.exec(manual)?.[1] ?? "";
  const secrets = join(folder, "secrets");
  mkdirSync(secrets);
  const files = [...example.matchAll(/\/run\/secrets\/(\w+)/g)].map(([, name]) => name ?? "");
  for (const name of files) writeFileSync(join(secrets, name), "long enough\n");
  const names = [...example.matchAll(/env: (\w+)/g)].map(([, name]) => name ?? "");
  const environment = Object.fromEntries(names.map(name => [name, "long enough"]));
  environment.DISCORD_URL = "https://discord.com/api/webhooks/1/abc";
  environment.APPRISE_TARGET = "mailto://a:b@example.com";
  const yaml = example
    .replaceAll("/run/secrets", secrets)
    .replace("AA:BB:CC:…", Array.from({ length: 32 }, () => "AB").join(":"));
  assert.deepEqual(check(folder, yaml, environment), {
    status: 0,
    stdout: "Good: 4 instances, 2 users, 2 settings, 6 parts of the alerts, 4 channels\n",
    stderr: "",
  });
  const without = check(folder, yaml, { ...environment, DISCORD_URL: "" });
  assert.equal(without.status, 2);
  assert.match(without.stderr, /channels\.webhooks\[0\]\.url\.env: environment variable "DISCORD_URL" is not set\n$/);
});

test("a file in another encoding than UTF-8 is refused with the line, and so is one that it names", context => {
  const folder = newFolder(context);
  const good = "instances:\n  - { name: a, type: pve, host: h, user: u, password: { file: p.txt } }\n";
  const wrong = (bytes: Buffer | string, secret: Buffer) => {
    writeFileSync(join(folder, "pulse.yaml"), bytes);
    writeFileSync(join(folder, "p.txt"), secret);
    try {
      readConfigFile(folder, {}, FILE_JUDGES);
      return [];
    } catch (error) {
      return error instanceof BadSettings ? error.problems.map(one => one.slice(folder.length + 1)) : [error];
    }
  };
  const latin1 = (text: string) => Buffer.from(text, "latin1");
  assert.deepEqual(wrong(good, Buffer.from("päss")), []);
  assert.deepEqual(wrong(latin1(`${good}  # für alle\n`), latin1("pass")), [
    "pulse.yaml:3: the file: is not UTF-8; save it as that",
  ]);
  assert.deepEqual(wrong(Buffer.from(`\ufeff${good}`, "utf16le"), latin1("pass")), [
    "pulse.yaml:1: the file: is not UTF-8; save it as that",
  ]);
  assert.deepEqual(wrong(good, latin1("päss")), [
    'pulse.yaml:2: instances[0].password.file: file "p.txt" cannot be read (it is not UTF-8)',
  ]);
});

const BAD: [sentence: string, yaml: string, problems: string[]][] = [
  [
    "thresholds that are misspelt or make no sense, each",
    `thresholds:
  guestDefaults:
    cpu: { trigger: 80, clear: 90 }
    memroy: 80
  overrides:
    "home:guest:1.5": { disk: hot }
  schedule:
    quietHours: { start: "25:00" }
  nonsense: 1
`,
    [
      "4: thresholds.guestDefaults.memroy: there is no such setting",
      "9: thresholds.nonsense: there is no such setting",
      "6: thresholds.overrides.home:guest:1.5.disk: must be a number, or an object with trigger and clear",
      "8: thresholds.schedule.quietHours.start: must be a time such as 03:00",
      "3: thresholds.guestDefaults.cpu.clear: must be below the trigger, 80; it is 90",
    ],
  ],
  [
    "what is none of a few words, whose names are then told",
    `instances:
  - { name: a, type: esx, host: a.example, token: "a@pam!b=c" }
users: [{ name: ben, role: boss, password: long enough }]
channels:
  webhooks:
    - { id: a, name: A, url: "https://a.example/", service: fax }
`,
    [
      '2: instances[0].type: must be one of "pve", "pbs", "pmg"',
      '3: users[0].role: must be one of "admin", "operator", "viewer"',
      '6: channels.webhooks[0].service: must be one of "generic", "discord", "slack", ',
    ],
  ],
  [
    "the words of a rule",
    "thresholds: { checks: { offline: { level: bad } } }\n",
    ['1: thresholds.checks.offline.level: must be one of "warning", "critical"'],
  ],
  [
    "fields of channels that are not known",
    `channels:
  email: { server: mail.example.com, from: a@example.com, pasword: x }
  pager: {}
  webhooks:
    - { id: a, name: A, url: "https://a.example/", retries: 3 }
`,
    [
      "2: channels.email.pasword: unknown field",
      "3: channels.pager: unknown field",
      "5: channels.webhooks[0].retries: unknown field",
    ],
  ],
  [
    "channels that could never be told",
    `channels:
  publicUrl: pulse.example.com
  email: { server: mail.example.com, from: nobody }
  apprise: { targets: ["mailto://x"] }
  webhooks:
    - id: a
      name: A
      url: http://127.0.0.1/
    - id: a
      name: B
      url: https://b.example/
    - { id: c, name: C, url: "https://c.example/", template: "{{.Nope" }
`,
    [
      '2: channels.publicUrl: "pulse.example.com" is no address such as https://pulse.example.com',
      '3: channels.email.from: "nobody" is no mail address',
      "4: channels.apprise.serverUrl: missing",
      "8: channels.webhooks[0].url: ",
      '9: channels.webhooks[1].id: "a" is taken by another of the webhooks',
      "12: channels.webhooks[2].template: ",
    ],
  ],
  [
    "networks and ids that are none",
    `channels:
  allowedPrivateNetworks: [10.0.0.0/99]
  webhooks:
    - { id: email, name: A, url: "https://a.example/" }
`,
    ['4: channels.webhooks[0].id: must be letters, digits, ".", "_" and "-", and neither "email" nor "apprise"'],
  ],
  [
    "networks that are none",
    "channels:\n  allowedPrivateNetworks: [10.0.0.0/99]\n",
    ["2: channels.allowedPrivateNetworks: "],
  ],
  [
    "sections that are none",
    "thresholds: 5\nchannels: []\n",
    ["1: thresholds: must be an object", "2: channels: must be an object"],
  ],
];
for (const [sentence, yaml, problems] of BAD)
  test(`told with line and field: ${sentence}`, context => {
    const folder = newFolder(context);
    writeFileSync(join(folder, "pulse.yaml"), yaml);
    assert.throws(
      () => readConfigFile(folder, {}, FILE_JUDGES),
      (error: unknown) => {
        assert.ok(error instanceof BadSettings);
        const told = error.problems.map(problem => problem.replace(`${join(folder, "pulse.yaml")}:`, ""));
        assert.deepEqual(
          told.map((text, at) => (text.startsWith(problems[at] ?? "…") ? problems[at] : text)),
          problems,
        );
        return true;
      },
    );
  });

test("no secret of a channel stands in a problem", context => {
  const folder = newFolder(context);
  const yaml = `channels:
  webhooks:
    - { id: a, name: A, url: { env: HOOK }, headers: { "bad name": { env: KEY } } }
    - { id: b, name: B, url: { env: HOOK }, template: "{{.Nope" }
`;
  const secrets = { HOOK: "ftp://hooks.example/hunter2", KEY: "hunter3" };
  const { status, stderr } = check(folder, yaml, secrets);
  assert.equal(status, 2);
  assert.match(stderr, /:3: channels\.webhooks\[0\]\.url/);
  assert.doesNotMatch(stderr, /hunter/);
});
