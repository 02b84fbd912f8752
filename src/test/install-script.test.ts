import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { signatureOf } from "../updates/signature.ts";

const SCRIPT = readFileSync("deploy/install.sh", "utf8");
const ARCH = process.arch === "arm64" ? "arm64" : "amd64";
const newKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    secret: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    open: publicKey.export({ format: "pem", type: "spki" }).toString(),
  };
};

/**
 * Stands for a release: what its commands do, they do to files. "Running" is a file in the data folder that systemctl's stand-in writes, and
 * the database tells by which versions it was opened.
 */
const PROGRAM = String.raw`#!/bin/sh
home=$(dirname "$(dirname "$(readlink -f "$0")")")
data=$PULSE_DATA_DIR
case $1 in
  version) if [ -e "$home/broken" ]; then echo "no such library" >&2; exit 1; fi; cat "$home/VERSION" ;;
  status) [ -f "$data/running" ] || exit 1; echo "Pulse $(cat "$data/running") answers at http://localhost:7655" ;;
  backup) [ ! -f "$data/full" ] || { echo "The disk is full" >&2; exit 1; }; cp "$data/pulse.db" "$2" ;;
  restore) [ ! -f "$data/running" ] || exit 1; cp "$2" "$data/pulse.db" ;;
  import) if grep -q spoiled "$2/system.json"; then echo "system.json: is no JSON" >&2; exit 1; fi; ls -A "$2" | tr '\n' ' ' >>"$data/imported" ;;
esac
`;

/** Stands for systemctl: enabled and running units are files; each call is written down. */
const SYSTEMCTL = `#!/bin/sh
root=$(dirname "$(readlink -f "$0")")
echo "$*" >>"$root/systemctl.log"
units=$root/etc/systemd/system
data=$root/var/lib/pulse
command=$1
shift
now=''
start() {
  case $1 in
    pulse.service)
      if grep -q -s /opt/pulse/current/ "$units/$1"; then
        current=$root/opt/pulse/current
        if [ -e "$current/nesting" ] && ! [ -e "$units/pulse.service.d/container.conf" ]; then echo 226 >"$root/exit-status"; exit 1; fi
        cat "$current/VERSION" >>"$data/pulse.db"
        [ -e "$current/unwell" ] || cat "$current/VERSION" >"$data/running"
      else
        [ -f "$units/$1" ] || exit 5
        touch "$root/original-runs"
      fi ;;
    pulse-backend.service) touch "$root/original-runs" ;;
  esac
}
stop() {
  case $1 in
    pulse.service) rm -f "$data/running"; grep -q -s /opt/pulse/current/ "$units/$1" || rm -f "$root/original-runs" ;;
    pulse-backend.service) rm -f "$root/original-runs" ;;
  esac
}
for unit in "$@"; do
  case $unit in
    --now) now=yes ;;
    --*) ;;
    *)
      case $command in
        start) start "$unit" ;;
        stop) stop "$unit" ;;
        restart) stop "$unit"; start "$unit" ;;
        enable) touch "$root/enabled-$unit"; [ -z "$now" ] || start "$unit" ;;
        disable) rm -f "$root/enabled-$unit"; [ -z "$now" ] || stop "$unit" ;;
        show) cat "$root/exit-status" 2>/dev/null ;;
      esac ;;
  esac
done
`;

/** A machine to install on, and a folder of releases. */
function openMachine(context: TestContext) {
  const root = mkdtempSync(join(tmpdir(), "pulse root-"));
  const releases = mkdtempSync(join(tmpdir(), "pulse releases-"));
  context.after(() => {
    for (const folder of [root, releases]) rmSync(folder, { recursive: true });
  });
  const place = (path: string) => join(root, path);
  const write = (path: string, content: string, mode = 0o644) => {
    mkdirSync(dirname(place(path)), { recursive: true });
    writeFileSync(place(path), content, { mode });
  };
  write("systemctl", SYSTEMCTL, 0o755);
  const key = newKey();
  const script = SCRIPT.replace("RELEASE_KEY=''", `RELEASE_KEY='${key.open}'`);
  const sums: string[] = [];
  const sign = (secret = key.secret) => {
    writeFileSync(join(releases, "checksums.txt"), sums.join(""));
    writeFileSync(join(releases, "checksums.txt.sig"), signatureOf(Buffer.from(sums.join("")), secret));
  };
  /** `marks`: files that make it behave otherwise. */
  const publish = (version: string, marks: string[] = [], inside = version) => {
    const name = `pulse-${version}-linux-${ARCH}`;
    const folder = join(releases, name);
    mkdirSync(join(folder, "bin"), { recursive: true });
    mkdirSync(join(folder, "lib/systemd"), { recursive: true });
    writeFileSync(join(folder, "VERSION"), `${inside}\n`);
    writeFileSync(join(folder, "bin/pulse"), PROGRAM);
    chmodSync(join(folder, "bin/pulse"), 0o755);
    for (const mark of marks) writeFileSync(join(folder, mark), "");
    for (const unit of readdirSync("deploy/systemd"))
      writeFileSync(
        join(folder, "lib/systemd", unit),
        `# Of ${version}\n${readFileSync(join("deploy/systemd", unit), "utf8")}`,
      );
    const archive = join(releases, `${name}.tar.gz`);
    execFileSync("tar", ["-czf", archive, "-C", releases, name]);
    rmSync(folder, { recursive: true });
    sums.push(`${createHash("sha256").update(readFileSync(archive)).digest("hex")}  ${name}.tar.gz\n`);
    sign();
    return archive;
  };
  const run = (args: string[], env: Record<string, string> = {}) =>
    new Promise<{ code: number; output: string; problem: string }>(resolve => {
      const child = execFile(
        "sh",
        ["-s", "--", "--root", root, ...args],
        {
          timeout: 120_000,
          env: {
            PATH: process.env.PATH ?? "",
            PULSE_SYSTEMCTL: place("systemctl"),
            PULSE_INSTALL_PATIENCE: "2",
            ...env,
          },
        },
        (error, output, problem) =>
          resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, output, problem }),
      );
      child.stdin?.end(script);
    });
  const read = (path: string) => readFileSync(place(path), "utf8");
  return {
    ...{ root, releases, key, sums, place, write, sign, publish, run, read },
    install: (...args: string[]) => run(["--from", releases, ...args]),
    has: (path: string) => existsSync(place(path)),
    calls: () => read("systemctl.log").trim().split("\n"),
  };
}

const CURRENT = "opt/pulse/current";
const UNIT = "etc/systemd/system/pulse.service";
const RUNNING = "var/lib/pulse/running";
const SETTINGS = "etc/pulse/pulse.env";

test("the script installs Pulse, does nothing a second time, upgrades it and removes it", async context => {
  const { install, publish, run, read, has, place, root } = openMachine(context);
  publish("5.0.0");
  const first = await install("--port", "8080");
  assert.deepEqual([first.code, first.problem], [0, ""]);
  assert.match(first.output, /Pulse 5\.0\.0 runs, and starts with the machine: http:\/\/localhost:7655\n$/);
  assert.equal(readlinkSync(place(CURRENT)), "releases/5.0.0");
  assert.equal(read(RUNNING), "5.0.0\n");
  assert.ok(has("enabled-pulse.service") && has("enabled-pulse-update.path"));
  assert.match(read(UNIT), /^# Of 5\.0\.0\n/);
  assert.match(read(SETTINGS), /^#.*\nFRONTEND_PORT=8080\n$/);
  assert.equal(statSync(place(SETTINGS)).mode & 0o777, 0o600);
  assert.equal(statSync(place("var/lib/pulse")).mode & 0o777, 0o700);
  assert.match(read("opt/pulse/release-key.pub"), /^-----BEGIN PUBLIC KEY-----/);

  const again = await install();
  assert.equal(again.output, "Pulse 5.0.0 is installed already, and answers at http://localhost:7655\n");

  publish("5.0.1");
  publish("5.0.2-rc.1");
  const upgraded = await install();
  assert.deepEqual([upgraded.code, upgraded.problem], [0, ""]);
  assert.equal(read(RUNNING), "5.0.1\n");
  assert.match(read(UNIT), /^# Of 5\.0\.1\n/);
  assert.equal(read("var/lib/pulse/before-5.0.1.db"), "5.0.0\n", "the database as it was");
  assert.match(read(SETTINGS), /FRONTEND_PORT=8080/);

  assert.match((await install("--channel", "rc")).output, /Pulse 5\.0\.2-rc\.1 runs/);
  publish("5.0.2");
  assert.match((await install("--channel", "rc")).output, /Pulse 5\.0\.2 runs/, "comes after its release candidate");
  assert.deepEqual(readdirSync(place("opt/pulse/releases")).sort(), ["5.0.2", "5.0.2-rc.1"]);
  assert.equal(readlinkSync(place("opt/pulse/previous")), "releases/5.0.2-rc.1");
  assert.match((await install("--version", "v5.0.1")).output, /Pulse 5\.0\.1 runs/, "back to one that was asked for");

  writeFileSync(place(UNIT), "# As an update that Pulse made by itself has left it\n");
  const taken = await run(["--units"]);
  assert.deepEqual([taken.code, taken.output], [0, "The units are those of Pulse 5.0.1\n"]);
  assert.match(read(UNIT), /^# Of 5\.0\.1\n/);

  const removed = await run(["--uninstall"]);
  assert.match(removed.output, /^Removed Pulse\nIts data stays in .*; --purge removes them\n$/);
  for (const path of ["opt/pulse", UNIT, "usr/local/bin/pulse", "enabled-pulse.service", RUNNING])
    assert.ok(!has(path), path);
  assert.ok(has("var/lib/pulse/pulse.db") && has(SETTINGS));
  assert.match(
    (await run(["--uninstall", "--purge"])).output,
    /^Pulse is not installed\nRemoved its data and settings\n$/,
  );
  assert.deepEqual(
    readdirSync(root)
      .filter(name => name !== "systemctl" && name !== "systemctl.log")
      .sort(),
    ["etc", "opt", "usr", "var"],
  );
  assert.ok(!has("var/lib/pulse") && !has("etc/pulse"));
});

test("a version that does not become well is taken back, with the database as it was", async context => {
  const { install, publish, read, place } = openMachine(context);
  publish("5.0.0");
  await install();
  publish("5.1.0", ["unwell"]);
  const answer = await install();
  assert.equal(answer.code, 1);
  assert.match(
    answer.problem,
    /Error: Pulse 5\.1\.0 does not answer.*\nGoing back to Pulse 5\.0\.0\nPulse 5\.0\.0 runs again/s,
  );
  assert.equal(readlinkSync(place(CURRENT)), "releases/5.0.0");
  assert.equal(read(RUNNING), "5.0.0\n");
  assert.match(read(UNIT), /^# Of 5\.0\.0\n/);
  assert.equal(read("var/lib/pulse/pulse.db"), "5.0.0\n5.0.0\n", "what 5.1.0 wrote is gone");
});

test("what cannot be had, is not what it should be or does not run changes nothing", async context => {
  const { install, publish, read, sums, sign, releases, place, write } = openMachine(context);
  publish("5.0.0");
  await install();
  const before = () => [readlinkSync(place(CURRENT)), read(RUNNING), readdirSync(place("opt/pulse/releases")).join()];
  const was = before();
  const cases: [sentence: string, spoil: () => void, problem: RegExp][] = [
    ["no archive", () => rmSync(publish("5.1.0")), /pulse-5\.1\.0-linux-.* could not be had/],
    [
      "half an archive",
      () => writeFileSync(publish("5.1.1"), "half"),
      /is not what checksums\.txt says \(SHA-256 [0-9a-f]{64}/,
    ],
    ["another version inside", () => void publish("5.1.2", [], "5.0.9"), /is not Pulse 5\.1\.2/],
    [
      "does not run here",
      () => void publish("5.1.3", ["broken"]),
      /does not run on this machine, nothing was changed: no such library/,
    ],
    [
      "data that cannot be backed up",
      () => {
        publish("5.1.4");
        write("var/lib/pulse/full", "");
      },
      /nothing was changed: The disk is full/,
    ],
    ["signed by another", () => sign(newKey().secret), /checksums\.txt at .* is not signed with the key/],
    [
      "changed after it was signed",
      () => writeFileSync(join(releases, "checksums.txt"), sums.slice(1).join("")),
      /is not signed/,
    ],
    ["a signature that is none", () => writeFileSync(join(releases, "checksums.txt.sig"), "!"), /is not signed/],
    ["no signature", () => rmSync(join(releases, "checksums.txt.sig")), /are not signed \(no checksums\.txt\.sig\)/],
    ["no checksums", () => rmSync(join(releases, "checksums.txt")), /there is no checksums\.txt to be had/],
  ];
  for (const [sentence, spoil, problem] of cases) {
    spoil();
    const answer = await install();
    assert.equal(answer.code, 1, sentence);
    assert.match(answer.problem, problem, sentence);
    const [link, running, folders] = before();
    assert.deepEqual([link, running], was.slice(0, 2), sentence);
    assert.match(String(folders), /^5\.0\.0(,5\.1\.4)?$/, sentence);
  }
});

test("the key that Pulse was installed with counts, also against another script", async context => {
  const { install, publish, key, releases, place, run } = openMachine(context);
  publish("5.0.0");
  await install();
  writeFileSync(place("opt/pulse/release-key.pub"), newKey().open);
  publish("5.0.1");
  assert.match((await install()).problem, /is not signed with the key/);
  writeFileSync(join(releases, "key.pub"), key.open);
  assert.equal((await install("--key", join(releases, "key.pub"))).code, 0, "unless one is given");
  rmSync(join(releases, "checksums.txt.sig"));
  publish("5.0.2");
  rmSync(join(releases, "checksums.txt.sig"));
  assert.match(
    (await run(["--from", releases, "--unsigned"])).output,
    /who made this release is not checked.*Pulse 5\.0\.2 runs/s,
  );
});

test("releases come by HTTP, from a folder, or as one archive", async context => {
  const { install, publish, run, releases, read } = openMachine(context);
  publish("5.0.0");
  const server = createServer((asked, answer) => {
    const path = join(releases, decodeURIComponent(asked.url ?? "").replace("/pulse/", ""));
    if (existsSync(path)) answer.end(readFileSync(path));
    else answer.writeHead(404).end();
  });
  await new Promise<void>(done => server.listen(0, "127.0.0.1", done));
  context.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/pulse/`;
  assert.match((await run(["--from", url])).output, /Pulse 5\.0\.0 runs/);
  assert.ok(!read(SETTINGS).includes("PULSE_UPDATE_URL"), "an address that nobody vouches for is not asked again");
  const archive = publish("5.0.1-rc.1");
  assert.match((await run(["--from", archive])).output, /Pulse 5\.0\.1-rc\.1 runs/, "whatever its channel");
  assert.match((await run(["--from", url])).problem, /the newest release there is 5\.0\.0, older than 5\.0\.1-rc\.1/);
  assert.match((await install("--version", "7.0.0")).problem, /there is no Pulse 7\.0\.0 for linux-/);
  assert.equal(read(RUNNING), "5.0.1-rc.1\n");
});

test("a place with HTTPS is where Pulse looks for other versions from then on", async context => {
  const { publish, run, write, read, releases, place } = openMachine(context);
  publish("5.0.0");
  // Stands for curl, whose last argument is the address.
  const curl = `#!/bin/sh\nwhile [ $# -gt 1 ]; do [ "$1" != -o ] || to=$2; shift; done\ncp "${releases}/\${1##*/}" "$to"\n`;
  write("stand-ins/curl", curl, 0o755);
  const from = (url: string) => run(["--from", url], { PATH: `${place("stand-ins")}:${process.env.PATH}` });
  assert.equal((await from("https://releases.example.com/pulse/")).problem, "");
  assert.match(read(SETTINGS), /^PULSE_UPDATE_URL=https:\/\/releases\.example\.com\/pulse\/releases\.json$/m);
  publish("5.0.1");
  await from("https://elsewhere.example.com");
  assert.doesNotMatch(read(SETTINGS), /elsewhere/, "what stands there stays");
  assert.equal(read(RUNNING), "5.0.1\n");
});

test("only releases that are tried out are told as such", async context => {
  const { install, publish } = openMachine(context);
  publish("5.0.0-rc.1");
  assert.match((await install()).problem, /only releases that are tried out at .* \(5\.0\.0-rc\.1\): --channel rc/);
});

test("a container that cannot make namespaces gets a service without them", async context => {
  const { install, publish, read, has, run } = openMachine(context);
  publish("5.0.0", ["nesting"]);
  const answer = await install();
  assert.match(answer.output, /this container cannot make namespaces.*Pulse 5\.0\.0 runs/s);
  for (const unit of ["pulse.service.d", "pulse-update.service.d"])
    assert.match(read(`etc/systemd/system/${unit}/container.conf`), /^PrivateTmp=no$/m);
  await run(["--uninstall"]);
  assert.ok(!has("etc/systemd/system/pulse.service.d"));
});

/** Pulse 4 as its own installer leaves it. */
function openOriginal(context: TestContext, name = "pulse") {
  const machine = openMachine(context);
  const { write, publish, place } = machine;
  publish("5.0.0");
  write("opt/pulse/bin/pulse", "the binary of Pulse 4", 0o755);
  write("etc/pulse/nodes.enc", "sealed");
  write("etc/pulse/.encryption.key", "key");
  write("etc/pulse/system.json", '{"pollingInterval":10,"frontendPort": 7777}');
  write(
    "etc/pulse/.env",
    "# Made by Pulse\nPULSE_AUTH_USER='admin'\nPULSE_AUTH_PASS='$2a$12$abc'\nAPI_TOKEN=0123\nODD=1\n",
  );
  const unit = `[Service]\nUser=pulse\nExecStart=/opt/pulse/bin/pulse\nEnvironment="PULSE_DATA_DIR=/etc/pulse"\nEnvironment="ALLOWED_ORIGINS=*"\n`;
  write(`etc/systemd/system/${name}.service`, unit);
  write("etc/systemd/system/pulse-update.service", "[Service]\nExecStart=/opt/pulse/scripts/update.sh\n");
  write("etc/systemd/system/pulse-update.timer", "[Timer]\nOnCalendar=daily\n");
  write(`enabled-${name}.service`, "");
  write("original-runs", "");
  const snapshot = () =>
    ["opt/pulse/bin/pulse", "etc/pulse/nodes.enc", "etc/pulse/.env", `etc/systemd/system/${name}.service`]
      .concat(["etc/systemd/system/pulse-update.service", "etc/systemd/system/pulse-update.timer", "original-runs"])
      .map(path => (existsSync(place(path)) ? readFileSync(place(path), "utf8") : `no ${path}`));
  return { ...machine, snapshot };
}

for (const name of ["pulse", "pulse-backend"])
  test(`Pulse 4 (${name}.service) is left alone until --migrate, taken over by it, and put back by --go-back`, async context => {
    const { install, snapshot, read, has, run, calls } = openOriginal(context, name);
    const before = snapshot();
    const refused = await install();
    assert.equal(refused.code, 1);
    assert.match(refused.problem, new RegExp(`Pulse 4 is on this machine \\(.*/${name}\\.service\\): --migrate takes`));
    assert.deepEqual(snapshot(), before);
    assert.ok(!has("systemctl.log"), "nothing was stopped");

    const moved = await install("--migrate");
    assert.deepEqual([moved.code, moved.problem], [0, ""]);
    assert.match(
      moved.output,
      /Pulse 4 is stopped and kept, its data in .*\/etc\/pulse as it was; to go back: sh .* --go-back\n/,
    );
    assert.equal(read(RUNNING), "5.0.0\n");
    assert.ok(!has("original-runs") && !has("enabled-pulse-backend.service"));
    assert.equal(read("var/lib/pulse/imported"), ".encryption.key nodes.enc system.json ");
    assert.ok(!has("var/lib/pulse/import"), "no copy of secrets lies about");
    assert.deepEqual(
      read(SETTINGS)
        .split("\n")
        .filter(line => line && !line.startsWith("#"))
        .sort(),
      [
        "ALLOWED_ORIGINS=*",
        "API_TOKEN=0123",
        "FRONTEND_PORT=7777",
        "PULSE_AUTH_PASS='$2a$12$abc'",
        "PULSE_AUTH_USER='admin'",
      ],
    );
    assert.match((await install()).output, /installed already/, "it is taken for Pulse 4 no longer");
    assert.ok(calls().indexOf("restart pulse.service") > calls().indexOf(`disable --now --quiet ${name}.service`));

    const back = await run(["--go-back"]);
    assert.deepEqual([back.code, back.problem], [0, ""]);
    assert.deepEqual(snapshot(), before);
    assert.ok(has(`enabled-${name}.service`) && !has(RUNNING));
    assert.match((await run(["--go-back"])).problem, /no Pulse 4 was set aside/);
  });

test("Pulse 4 that was set aside stays so when Pulse 5 is removed and installed anew", async context => {
  const { install, snapshot, run, read } = openOriginal(context);
  const before = snapshot();
  await install("--migrate");
  await run(["--uninstall"]);
  assert.equal((await install()).problem, "");
  assert.equal(read(RUNNING), "5.0.0\n");
  assert.equal((await run(["--go-back"])).problem, "");
  assert.deepEqual(snapshot(), before);
});

const SPOILED: [sentence: string, spoil: (machine: ReturnType<typeof openOriginal>) => void, problem: RegExp][] = [
  [
    "its settings cannot be taken over",
    ({ write }) => write("etc/pulse/system.json", "spoiled"),
    /is no JSON\nError: the settings of Pulse 4 could not be taken over\nPulse 4 runs again as before\n$/,
  ],
  [
    "the new one does not become well",
    ({ publish }) => void publish("5.0.1", ["unwell"]),
    /Pulse 5\.0\.1 does not answer.*Pulse 4 runs again as before\n$/s,
  ],
  ["the new one cannot be had", ({ releases }) => rmSync(join(releases, "checksums.txt")), /no checksums\.txt/],
];
for (const [sentence, spoil, problem] of SPOILED)
  test(`Pulse 4 runs on where ${sentence}`, async context => {
    const machine = openOriginal(context);
    spoil(machine);
    const before = machine.snapshot();
    const answer = await machine.install("--migrate");
    assert.equal(answer.code, 1);
    assert.match(answer.problem, problem);
    assert.deepEqual(machine.snapshot(), before);
    assert.ok(machine.has("enabled-pulse.service") && !machine.has(RUNNING));
  });

test("below a folder, without a systemctl, everything lies in its place and nothing is started", async context => {
  const { publish, run, releases, place, has } = openMachine(context);
  publish("5.0.0");
  const answer = await run(["--from", releases], { PULSE_SYSTEMCTL: "" });
  assert.match(answer.output, /Nothing was started: it lies below/);
  const wanted = "etc/systemd/system/multi-user.target.wants/pulse.service";
  assert.equal(readlinkSync(place(wanted)), "/etc/systemd/system/pulse.service");
  assert.ok(!has("systemctl.log"));
  await run(["--uninstall"], { PULSE_SYSTEMCTL: "" });
  assert.deepEqual(readdirSync(dirname(place(wanted))), []);
});

const BAD: [args: string[], problem: RegExp][] = [
  [[], /--from is missing/],
  [["--from"], /--from needs a value/],
  [["--from", "/nowhere"], /there is no folder "\/nowhere"/],
  [["--from", "/nowhere/pulse-5.0.0-linux-amd64.tar.gz"], /there is no file/],
  [["--from", "/tmp", "--version", "../../etc"], /--version: "\.\.\/\.\.\/etc" is no version/],
  [["--from", "/tmp", "--port", "70000"], /--port: "70000" is no port/],
  [["--from", "/tmp", "--port", "1;id"], /is no port/],
  [["--from", "/tmp", "--channel", "nightly"], /--channel: "nightly" is none of stable, rc/],
  [["--from", "/tmp", "--key", "/nowhere"], /--key: there is no file/],
  [["--from", "/tmp", "--arch", "mips"], /no Pulse for "mips"/],
  [["--from", "/tmp", "--migrate"], /there is no Pulse 4 on this machine/],
  [["--purge"], /--purge goes with --uninstall/],
  [["--units"], /--units: Pulse is not installed/],
  [["--go-back"], /no Pulse 4 was set aside/],
  [["--frobnicate"], /unknown option "--frobnicate"/],
];
for (const [args, problem] of BAD)
  test(`the script refuses ${args.join(" ") || "to guess"}`, async context => {
    const { run, root } = openMachine(context);
    const answer = await run(args);
    assert.equal(answer.code, 1);
    assert.match(answer.problem, problem);
    assert.deepEqual(readdirSync(root), ["systemctl"]);
  });
