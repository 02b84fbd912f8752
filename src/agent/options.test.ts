import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE, SECOND } from "../kit/units.ts";
import { BadOption } from "./bad-option.ts";
import { toDuration } from "./duration.ts";
import { toFlags } from "./flags.ts";
import { toOptions } from "./options.ts";

const FILES: Readonly<Record<string, string>> = { "/token": "from-a-file", "/empty": "" };
const read = (path: string) => {
  const text = FILES[path];
  if (text === undefined) throw Object.assign(new Error("no"), { code: "ENOENT" });
  return text;
};
const options = (args: string, environment: Record<string, string> = {}) =>
  toOptions(toFlags(args === "" ? [] : args.split(" ")), environment, read);

const DURATIONS: [text: string, duration: number | null][] = [
  ["30s", 30 * SECOND],
  ["1m30s", 90 * SECOND],
  ["1.5m", 90 * SECOND],
  ["500ms", 500],
  ["45", 45 * SECOND],
  ["1h", 60 * MINUTE],
  ["", null],
  ["s", null],
  ["30 s", null],
  ["-5s", null],
  ["5d", null],
];
for (const [text, duration] of DURATIONS)
  test(`"${text}" is ${duration === null ? "no time" : `${duration} ms`}`, () =>
    assert.equal(toDuration(text), duration));

const A = "http://a.example:7655";
const B = "https://b.example/pulse";
const TARGETS: [sentence: string, args: string, env: Record<string, string>, targets: [string, string, boolean][]][] = [
  ["by flags", `--url ${A} --token t`, {}, [[A, "t", false]]],
  ["by flags as Go reads them", `-url=${A} -token=t -insecure`, {}, [[A, "t", true]]],
  ["by variables", "", { PULSE_URL: A, PULSE_TOKEN: "t" }, [[A, "t", false]]],
  ["by a file", `--url ${A} --token-file /token`, { PULSE_TOKEN: "t" }, [[A, "from-a-file", false]]],
  ["by a file that a variable names", `--url ${A}`, { PULSE_TOKEN_FILE: "/token" }, [[A, "from-a-file", false]]],
  ["on this machine unless told", "", { PULSE_TOKEN: "t" }, [["http://localhost:7655", "t", false]]],
  ["without the slash at its end", "--url https://b.example/pulse/ --token t", {}, [[B, "t", false]]],
  [
    "as many as are named, each with its own choice",
    `--target ${A}|t --target ${B}|u|insecure`,
    {},
    [
      [A, "t", false],
      [B, "u", true],
    ],
  ],
  [
    "as many as a variable names",
    "",
    { PULSE_TARGETS: `${A}|t|false;${B}|u|true;`, PULSE_INSECURE_SKIP_VERIFY: "true" },
    [
      [A, "t", false],
      [B, "u", true],
    ],
  ],
  [
    "both by the one flag and by the other, once each",
    `--url ${A} --token t --target ${B}|@/token --target ${A}|t`,
    { PULSE_INSECURE_SKIP_VERIFY: "1" },
    [
      [A, "t", true],
      [B, "from-a-file", true],
    ],
  ],
  [
    "with a flag rather than its variable",
    `--url ${A} --token t`,
    { PULSE_URL: B, PULSE_TOKEN: "u" },
    [[A, "t", false]],
  ],
];
for (const [sentence, args, env, expected] of TARGETS)
  test(`servers are named ${sentence}`, () =>
    assert.deepEqual(
      options(args, env).targets.map(({ url, token, insecure }) => [url, token, insecure]),
      expected,
    ));

test("what is not said is as usual", () => {
  const { interval, hostname, agentId, stateDir, ca } = options("--token t", {
    PULSE_INTERVAL: "",
    PULSE_AGENT_ID: "",
  });
  assert.deepEqual(
    [interval, hostname, agentId, stateDir, ca],
    [30 * SECOND, null, null, "/var/lib/pulse-docker-agent", null],
  );
  assert.equal(options("--token t", { PULSE_INTERVAL: "1m" }).interval, MINUTE);
  assert.equal(options("--token t --no-auto-update", { PULSE_NO_AUTO_UPDATE: "true" }).interval, 30 * SECOND);
});

const BAD: [args: string, env: Record<string, string>, message: RegExp][] = [
  ["--frob", {}, /^--frob: there is no such flag/],
  ["the-token", {}, /^An argument is no flag/],
  ["--token", {}, /^--token: a value is missing/],
  ["", {}, /^--token-file: a token is missing/],
  ["--token-file /nowhere", {}, /^--token-file: "\/nowhere" cannot be read \(ENOENT\)/],
  ["--token-file /empty", {}, /^--token-file: the token is empty/],
  ["", { PULSE_TOKEN: "a b" }, /^PULSE_TOKEN: a token has no spaces/],
  ["--token t --url pulse.example", {}, /^--url: an address like/],
  ["--token t --url ftp://a", {}, /^--url: an address like/],
  ["--token t --url http://u:p@a", {}, /^--url: an address without user/],
  ["--token t", { PULSE_URL: "a" }, /^PULSE_URL: an address like/],
  ["--target http://a", {}, /^--target: url\|token/],
  ["--target http://a|t|maybe", {}, /^--target: true or false, not "maybe"/],
  ["", { PULSE_TARGETS: "http://a|t|true|more" }, /^PULSE_TARGETS: url\|token/],
  ["--token t --interval soon", {}, /^--interval: a time like 30s or 1m30s, not "soon"/],
  ["--token t", { PULSE_INTERVAL: "2h" }, /^PULSE_INTERVAL: from 1s to 1h, not "2h"/],
  ["--token t --insecure=perhaps", {}, /^--insecure: true or false/],
  ["--token t", { PULSE_INSECURE_SKIP_VERIFY: "perhaps" }, /^PULSE_INSECURE_SKIP_VERIFY: true or false/],
  ["--token t", { DOCKER_HOST: "ssh://me@host" }, /^DOCKER_HOST: .* not "ssh:\/\/me@host"/],
  [`--token t --hostname ${"x".repeat(257)}`, {}, /^--hostname: at most 256/],
];
for (const [args, env, message] of BAD)
  test(`refused: ${JSON.stringify([args.slice(0, 60), env])}`, () =>
    assert.throws(
      () => options(args, env),
      (error: unknown) => error instanceof BadOption && message.test(error.message),
    ));

const ENGINES: [sentence: string, env: Record<string, string>, expected: unknown][] = [
  [
    "at the usual sockets",
    { XDG_RUNTIME_DIR: "/run/user/1000" },
    ["/var/run/docker.sock", "/run/podman/podman.sock", "/run/user/1000/podman/podman.sock"].map(path => ({
      kind: "socket",
      path,
    })),
  ],
  ["at a socket", { DOCKER_HOST: "unix:///tmp/e.sock" }, [{ kind: "socket", path: "/tmp/e.sock" }]],
  ["at an address", { DOCKER_HOST: "tcp://proxy:2375" }, [{ kind: "tcp", host: "proxy", port: 2375, tls: null }]],
  ["at port 80", { DOCKER_HOST: "tcp://proxy:80" }, [{ kind: "tcp", host: "proxy", port: 80, tls: null }]],
  ["at an address of version 6", { DOCKER_HOST: "tcp://[::1]" }, [{ kind: "tcp", host: "::1", port: 2375, tls: null }]],
  [
    "behind TLS",
    { DOCKER_HOST: "tcp://d", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs" },
    [{ kind: "tcp", host: "d", port: 2376, tls: { folder: "/certs", verify: true } }],
  ],
  [
    "behind TLS that is not checked",
    { DOCKER_HOST: "tcp://d", DOCKER_CERT_PATH: "/certs" },
    [{ kind: "tcp", host: "d", port: 2376, tls: { folder: "/certs", verify: false } }],
  ],
  [
    "behind TLS, with the certificates of this user",
    { DOCKER_HOST: "tcp://d", DOCKER_TLS_VERIFY: "1", HOME: "/home/ann" },
    [{ kind: "tcp", host: "d", port: 2376, tls: { folder: "/home/ann/.docker", verify: true } }],
  ],
];
for (const [sentence, env, expected] of ENGINES)
  test(`the engine is ${sentence}`, () => assert.deepEqual(options("--token t", env).engines, expected));
