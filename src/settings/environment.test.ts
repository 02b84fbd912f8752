import assert from "node:assert/strict";
import { test } from "node:test";
import { BadSettings } from "./bad-settings.ts";
import { type Environment, readEnvironment } from "./environment.ts";

test("an empty environment gives the defaults", () => {
  const settings = readEnvironment({ FRONTEND_PORT: "", BIND_HOST: " " });
  assert.equal(settings.port, 7655);
  assert.equal(settings.bindHost, null);
  assert.match(settings.dataDir, /\/data$/);
  assert.equal(settings.user, null);
  assert.equal(settings.mockMode, null);
  assert.deepEqual(settings.system, {});
});

const SET: [sentence: string, environment: Environment, layer: object][] = [
  ["days, also parts of them", { HISTORY_RAW_DAYS: "0.5" }, { historyRawDays: { value: 0.5, by: "HISTORY_RAW_DAYS" } }],
  ["seconds", { PBS_POLLING_INTERVAL: "30" }, { pbsPollingInterval: { value: 30, by: "PBS_POLLING_INTERVAL" } }],
  ["a time", { CONNECTION_TIMEOUT: "1m5s" }, { connectionTimeout: { value: 65, by: "CONNECTION_TIMEOUT" } }],
  ["a flag", { DISCOVERY_ENABLED: "No" }, { discoveryEnabled: { value: false, by: "DISCOVERY_ENABLED" } }],
  ["a word, however written", { LOG_LEVEL: "WARN" }, { logLevel: { value: "warn", by: "LOG_LEVEL" } }],
  ["a port", { FRONTEND_PORT: "80" }, { frontendPort: { value: 80, by: "FRONTEND_PORT" } }],
  [
    "the name that counts, where there are two",
    { POLLING_INTERVAL: "20", PVE_POLLING_INTERVAL: "15" },
    { pvePollingInterval: { value: 15, by: "PVE_POLLING_INTERVAL" } },
  ],
  ["the older name", { POLLING_INTERVAL: "20" }, { pvePollingInterval: { value: 20, by: "POLLING_INTERVAL" } }],
];
for (const [sentence, environment, layer] of SET)
  test(`the environment sets ${sentence}`, () => {
    assert.deepEqual(readEnvironment(environment).system, layer);
  });

const BAD: [sentence: string, environment: Environment, problem: string][] = [
  ["a port that is no number", { FRONTEND_PORT: "http" }, 'FRONTEND_PORT: "http" is no port number (1 to 65535)'],
  ["a port out of range", { FRONTEND_PORT: "70000" }, 'FRONTEND_PORT: "70000" is no port number (1 to 65535)'],
  ["a user without a password", { PULSE_AUTH_USER: "admin" }, "PULSE_AUTH_PASS: missing, while PULSE_AUTH_USER is set"],
  ["a password without a user", { PULSE_AUTH_PASS: "x" }, "PULSE_AUTH_USER: missing, while PULSE_AUTH_PASS is set"],
  [
    "releases from another machine without encryption",
    { PULSE_UPDATE_URL: "http://example.com/releases.json" },
    'PULSE_UPDATE_URL: "http://example.com/releases.json" is no address with https:// (http:// only on this machine)',
  ],
  [
    "a source of releases with a password",
    { PULSE_UPDATE_URL: "https://a:b@example.com/" },
    "PULSE_UPDATE_URL: must not hold a user or a password",
  ],
  [
    "an archive that is no address",
    { PULSE_ARCHIVE_URL: "victoria:8428" },
    'PULSE_ARCHIVE_URL: "victoria:8428" is no address such as http://victoria:8428',
  ],
  [
    "an archive with a password in its address",
    { PULSE_ARCHIVE_URL: "http://a:b@victoria" },
    'PULSE_ARCHIVE_URL: "http://a:b@victoria" must not hold a user or a password',
  ],
  [
    "who Pulse is at no archive",
    { PULSE_ARCHIVE_PASSWORD: "secret" },
    "PULSE_ARCHIVE_URL: missing, while another of its variables is set",
  ],
  ["a flag that is none", { PULSE_MOCK_MODE: "maybe" }, 'PULSE_MOCK_MODE: "maybe" is neither "true" nor "false"'],
  ["a time that is none", { HISTORY_RAW_DAYS: "-1" }, 'HISTORY_RAW_DAYS: must be a number of days above 0; it is "-1"'],
  ["an unknown log level", { LOG_LEVEL: "loud" }, 'LOG_LEVEL: must be one of debug, info, warn, error; it is "loud"'],
  [
    "an origin with a path",
    { ALLOWED_ORIGINS: "https://a.example/" },
    'ALLOWED_ORIGINS: must be *, or origins such as https://dashboard.example.com, separated by commas; it is "https://a.example/"',
  ],
  [
    "a time too long",
    { CONNECTION_TIMEOUT: "10m" },
    'CONNECTION_TIMEOUT: must be a whole number of seconds, 1 to 120; it is "10m"',
  ],
];

for (const [sentence, environment, problem] of BAD)
  test(`${sentence} is refused by name`, () => {
    assert.throws(
      () => readEnvironment(environment),
      (error: unknown) => error instanceof BadSettings && error.problems.includes(problem),
    );
  });
