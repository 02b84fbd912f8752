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
  assert.equal(settings.mockMode, false);
  assert.deepEqual(settings.history, { keep: {} });
});

test("history is kept as long as one says, in days, and as large, in megabytes", () => {
  const { history } = readEnvironment({
    HISTORY_RAW_DAYS: "0.5",
    HISTORY_HALF_HOUR_DAYS: "30",
    HISTORY_LIMIT_MB: "100",
  });
  assert.deepEqual(history, { keep: { raw: 12 * 3_600_000, "half-hour": 30 * 86_400_000 }, limit: 100 * 2 ** 20 });
});

const BAD: [sentence: string, environment: Environment, problem: string][] = [
  ["a port that is no number", { FRONTEND_PORT: "http" }, 'FRONTEND_PORT: "http" is no port number (1 to 65535)'],
  ["a port out of range", { FRONTEND_PORT: "70000" }, 'FRONTEND_PORT: "70000" is no port number (1 to 65535)'],
  ["a user without a password", { PULSE_AUTH_USER: "admin" }, "PULSE_AUTH_PASS: missing, while PULSE_AUTH_USER is set"],
  ["a password without a user", { PULSE_AUTH_PASS: "x" }, "PULSE_AUTH_USER: missing, while PULSE_AUTH_PASS is set"],
  ["a flag that is none", { PULSE_MOCK_MODE: "maybe" }, 'PULSE_MOCK_MODE: "maybe" is neither "true" nor "false"'],
  ["a time that is none", { HISTORY_RAW_DAYS: "-1" }, 'HISTORY_RAW_DAYS: "-1" is no number above 0'],
  ["an unknown log level", { LOG_LEVEL: "loud" }, 'LOG_LEVEL: "loud" is none of debug, info, warn, error'],
];

for (const [sentence, environment, problem] of BAD)
  test(`${sentence} is refused by name`, () => {
    assert.throws(
      () => readEnvironment(environment),
      (error: unknown) => error instanceof BadSettings && error.problems.includes(problem),
    );
  });
