import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from "node:fs";
import { basename, join } from "node:path";
import type { Clock } from "../kit/clock.ts";
import { type Bytes, MIB, MINUTE } from "../kit/units.ts";
import { type Arch, type Asset, ReleaseIndex, releaseName } from "../model/release.ts";
import { type Owner, openOf, ownerOf, readOf, removeOf } from "./owner.ts";
import { Journal, type Outcome, Request, readPaper } from "./papers.ts";
import { folderOf, type Paths, pathsOf, pointTo, removeSafely, syncFolder, writeSafely } from "./place.ts";
import { type HealthLimits, runProgram, type Service, untilWell, versionAt } from "./service.ts";
import { isSigned } from "./signature.ts";
import { unpack } from "./unpack.ts";
import { toUpdateFault, UpdateFault } from "./update-fault.ts";
import { isNewer, toVersion } from "./version.ts";

const LARGEST_PAPER: Bytes = 64 * 1024;
const LARGEST_INDEX: Bytes = 8 * MIB;
/** Unpacked, an archive is so many times as large at the most. */
const GROWTH = 4;
const PROGRAM_DEADLINE = 2 * MINUTE;
/** Copying a large database back takes its time. */
const RESTORE_DEADLINE = 15 * MINUTE;

export interface PutInPlaceOptions {
  /** Where Pulse is installed. */
  root: string;
  dataDir: string;
  arch: Arch;
  service: Service;
  health: HealthLimits;
  clock: Clock;
  /** Is told each step, once it is done. */
  step?: (name: string) => void;
}

/**
 * The part of an update that runs as root: takes the version that the server asks for, and puts it in place. It believes the signature and
 * nothing that the server says. Whatever goes wrong, and wherever it is cut off, the service is started before it ends; what was cut off is
 * ended by the next call, which goes back to the version before. Answers what came of it; null: nothing was asked for.
 */
export async function putInPlace(options: PutInPlaceOptions): Promise<Outcome | null> {
  const work = new Work(options);
  const journal = work.journal();
  if (journal) return work.endOf(journal);
  const request = work.request();
  return request && work.begin(request);
}

class Work {
  readonly #options: PutInPlaceOptions;
  readonly #paths: Paths;
  readonly #owner: Owner;

  constructor(options: PutInPlaceOptions) {
    this.#options = options;
    this.#paths = pathsOf(options);
    this.#owner = ownerOf(options.dataDir);
    mkdirSync(this.#paths.update, { recursive: true, mode: 0o755 });
  }

  /** How far an update had come that was cut off; null: there was none. */
  journal(): Journal | null {
    const { journal } = this.#paths;
    if (!existsSync(journal)) return null;
    const read = readPaper(Journal, readFileSync(journal, "utf8"));
    // Only root writes it, and as a whole: one that cannot be read was spoiled by the disk.
    if (!read) throw new Error(`"${journal}" cannot be read: look at it, then remove it`);
    return read;
  }

  /** What the server asks for; null: nothing, or nothing that can be understood, which is thrown away. */
  request(): Request | null {
    const text = readOf(this.#owner, this.#paths.request, LARGEST_PAPER);
    const request = text && readPaper(Request, text.toString("utf8"));
    if (!request) removeOf(this.#owner, this.#paths.request);
    return request;
  }

  async begin(request: Request): Promise<Outcome> {
    let journal: Journal;
    try {
      journal = this.#claim(request);
    } finally {
      removeOf(this.#owner, this.#paths.request);
    }
    this.#done("claimed");
    try {
      await this.#prepare(request, journal);
    } catch (error) {
      return this.#refuse(journal, toUpdateFault(error));
    }
    try {
      journal = await this.#goOver(journal);
    } catch (error) {
      return this.#goBack(journal, toUpdateFault(error));
    }
    return this.#finish(journal);
  }

  #claim({ id, version, address, backup }: Request): Journal {
    const from = basename(readlinkSync(this.#paths.current));
    pointTo(this.#paths.previous, folderOf(this.#paths, from));
    const journal: Journal = {
      ...{ id, from, to: version, address, backup },
      ...{ state: "preparing", message: "Checking the signature", reason: null },
    };
    this.#write(journal);
    return journal;
  }

  /** Ends what was cut off. */
  async endOf(journal: Journal): Promise<Outcome> {
    const wasCutOff = new UpdateFault("cut-off", "The update was cut off");
    if (journal.state === "done") return this.#finish(journal);
    if (journal.state === "preparing") return this.#refuse(journal, wasCutOff);
    const { reason, from, address } = journal;
    const fault = reason ? new UpdateFault(reason.code, reason.message) : wasCutOff;
    // What could not be written before may be possible now; a service that is well is not stopped once more for that.
    if (journal.state === "going-back" && this.#runs(from) && (await versionAt(address)) === `v${from}`)
      return this.#tellBack(journal, fault, null);
    return this.#goBack(journal, fault);
  }

  /** Everything that can be done while the version before runs on. */
  async #prepare({ archive }: Request, journal: Journal): Promise<void> {
    const { to, from } = journal;
    const asset = this.#assetOf(to, from);
    this.#makeRoom(to, from, asset.size);
    this.#copy(join(this.#paths.updates, archive), asset);
    this.#done("copied");
    this.#write({ ...journal, message: "Unpacking" });
    await this.#unpack(to);
    this.#done("unpacked");
    await this.#tryOut(to, from);
  }

  /** What the signed index says of a version. NOTE: it is an older one that whoever has taken over the server would ask for. */
  #assetOf(version: string, from: string): Asset {
    const { key, index, signature } = this.#paths;
    if (!existsSync(key)) throw new UpdateFault("no-key", `There is no "${key}" to check releases with`);
    const content = readOf(this.#owner, index, LARGEST_INDEX) ?? Buffer.alloc(0);
    const signed = readOf(this.#owner, signature, LARGEST_PAPER)?.toString("utf8") ?? "";
    if (!isSigned(content, signed, readFileSync(key, "utf8")))
      throw new UpdateFault("bad-signature", `The index of releases is not signed with "${key}"`);
    const releases = readPaper(ReleaseIndex, content.toString("utf8"))?.releases ?? [];
    const release = releases.find(one => one.version === version && !one.draft);
    const asset = release?.assets.find(({ arch }) => arch === this.#options.arch);
    if (!asset) throw new UpdateFault("not-offered", `The signed index has no v${version} for ${this.#options.arch}`);
    if (!isNewer(version, from)) throw new UpdateFault("not-offered", `v${version} is not newer than v${from}`);
    return asset;
  }

  /** Removes what earlier tries have left, and looks whether there is room. */
  #makeRoom(version: string, from: string, size: Bytes): void {
    const { releases, archive, root } = { ...this.#paths, root: this.#options.root };
    rmSync(archive, { force: true });
    for (const name of readdirSync(releases))
      if (name.startsWith(".") || name === version) rmSync(join(releases, name), { recursive: true, force: true });
    this.#prune([from]);
    const { bavail, bsize } = statfsSync(root);
    const [free, needed] = [bavail * bsize, size * (1 + GROWTH)];
    if (free < needed)
      throw new UpdateFault("no-space", `"${root}" has ${toMib(free)} MiB free; ${toMib(needed)} MiB are needed`);
  }

  /** Copies the archive to where the server's user cannot change it any more, and compares the copy with the signed index. */
  #copy(from: string, asset: Asset): void {
    const hash = createHash("sha256");
    const source = openOf(this.#owner, from, asset.size);
    const copy = openSync(this.#paths.archive, "wx", 0o600);
    let size = 0;
    try {
      const piece = Buffer.alloc(MIB);
      for (let read = readSync(source, piece); read > 0; read = readSync(source, piece)) {
        size += read;
        if (size > asset.size) break;
        hash.update(piece.subarray(0, read));
        for (let at = 0; at < read; ) at += writeSync(copy, piece, at, read - at);
      }
    } finally {
      closeSync(source);
      closeSync(copy);
    }
    if (size !== asset.size)
      throw new UpdateFault("bad-size", `The archive has ${size} bytes; the index says ${asset.size}`);
    if (hash.digest("hex") !== asset.sha256)
      throw new UpdateFault("bad-checksum", "The archive is not the one that the index tells: its SHA-256 is another");
  }

  async #unpack(version: string): Promise<void> {
    const partial = join(this.#paths.releases, `.${version}`);
    mkdirSync(partial, { mode: 0o755 });
    await unpack(this.#paths.archive, partial, releaseName(version, this.#options.arch));
    for (const name of ["VERSION", "bin/pulse"])
      if (!existsSync(join(partial, name))) throw new UpdateFault("bad-archive", `The archive has no "${name}"`);
    const told = readFileSync(join(partial, "VERSION"), "utf8").trim();
    if (told !== version) throw new UpdateFault("bad-archive", `The archive holds v${told}, not v${version}`);
    renameSync(partial, folderOf(this.#paths, version));
    syncFolder(this.#paths.releases);
    removeSafely(this.#paths.archive);
  }

  /** Whether it starts at all on this machine, and takes the settings: found out before anything is stopped. */
  async #tryOut(version: string, from: string): Promise<void> {
    const told = await this.#run(version, ["version"]);
    if (told.code !== 0 || told.output.trim() !== `v${version}`)
      throw new UpdateFault("does-not-start", `v${version} does not start here: ${told.output.trim().slice(0, 500)}`);
    const check = await this.#run(version, ["check-config"]);
    // What the version before does not find here either (a variable that only the service has) says nothing.
    if (check.code !== 0 && (await this.#run(from, ["check-config"])).code === 0)
      throw new UpdateFault(
        "does-not-start",
        `v${version} does not take the settings: ${check.output.trim().slice(0, 500)}`,
      );
  }

  async #goOver(journal: Journal): Promise<Journal> {
    const { service, health, clock } = this.#options;
    const { to, address } = journal;
    this.#write({ ...journal, state: "switching", message: `Stopping, to start v${to}` });
    this.#done("switching");
    await service.stop();
    this.#done("stopped");
    pointTo(this.#paths.current, folderOf(this.#paths, to));
    this.#done("switched");
    await service.start();
    this.#write({ ...journal, state: "switching", message: `Waiting until v${to} is well` });
    this.#done("started");
    await untilWell(to, address, health, clock);
    const done: Journal = { ...journal, state: "done", message: "Tidying up" };
    this.#write(done);
    this.#done("well");
    return done;
  }

  /** The service was not touched. It is started all the same: nothing is left standing still, whoever has stopped it. */
  async #refuse(journal: Journal, fault: UpdateFault): Promise<Outcome> {
    await this.#options.service.start().catch(() => {});
    this.#remove(journal.to);
    return this.#end(journal, "failed", fault.kind, `${fault.message}. v${journal.from} runs on`);
  }

  async #goBack(journal: Journal, fault: UpdateFault): Promise<Outcome> {
    const { service, health, clock } = this.#options;
    const { from, address } = journal;
    const reason = { code: fault.kind, message: fault.message };
    const problems: string[] = [];
    // Each is tried, whatever became of the one before: in the end the service is to run.
    const attempt = async (what: string, work: () => Promise<void> | void) => {
      try {
        await work();
        this.#done(what);
        return true;
      } catch (error) {
        problems.push((error as Error).message);
        return false;
      }
    };
    await attempt("going-back", () =>
      this.#write({ ...journal, state: "going-back", message: `Going back to v${from}`, reason }),
    );
    await attempt("stopped again", () => service.stop());
    await attempt("switched back", () => pointTo(this.#paths.current, folderOf(this.#paths, from)));
    await attempt("restored", () => this.#restore(journal));
    await attempt("started again", () => service.start());
    const isWell = await attempt("well again", () => untilWell(from, address, health, clock));
    return this.#tellBack(journal, fault, isWell ? null : problems.join("; "));
  }

  /** `problem`: why the version before is not well either; null: it is. */
  #tellBack(journal: Journal, fault: UpdateFault, problem: string | null): Outcome {
    const { from, to } = journal;
    this.#remove(to);
    const then = problem === null ? `v${from} runs again` : `Going back to v${from} failed: ${problem}`;
    const status = problem === null ? "rolled_back" : "failed";
    return this.#end(journal, status, fault.kind, `${fault.message}. ${then}`);
  }

  /** Removes a version that is not to be, and what there is of it. */
  #remove(version: string): void {
    if (this.#runs(version)) return;
    for (const name of [version, `.${version}`])
      rmSync(join(this.#paths.releases, name), { recursive: true, force: true });
  }

  /** Whether `version` is what the service starts. */
  #runs(version: string): boolean {
    return basename(readlinkSync(this.#paths.current)) === version;
  }

  /** Gives the version before a database that it can read: the one that there is, or the one of before. */
  async #restore({ from, backup }: Journal): Promise<void> {
    const path = join(this.#paths.updates, backup);
    const { code, output } = await this.#run(from, ["restore", path, "--if-needed"], RESTORE_DEADLINE);
    if (code !== 0) throw new Error(`the database: ${output.trim().slice(0, 500)}`);
  }

  #finish(journal: Journal): Outcome {
    const { from, to } = journal;
    const outcome = this.#end(journal, "completed", "none", `v${to} runs; v${from} is kept`);
    this.#prune([from, to]);
    return outcome;
  }

  /** NOTE: the outcome is written before the journal is gone: the server always finds one of them. */
  #end({ id, from, to }: Journal, status: Outcome["status"], code: string, message: string): Outcome {
    const outcome: Outcome = { id, from, to, status, code, message, at: this.#options.clock.now() };
    writeSafely(this.#paths.outcome, JSON.stringify(outcome));
    this.#done("told");
    this.#dropRequest(id);
    removeSafely(this.#paths.journal);
    rmSync(this.#paths.archive, { force: true });
    return outcome;
  }

  /** A crash right after the journal was begun has left the request. */
  #dropRequest(id: string): void {
    const text = readOf(this.#owner, this.#paths.request, LARGEST_PAPER);
    if (text && readPaper(Request, text.toString("utf8"))?.id === id) removeOf(this.#owner, this.#paths.request);
  }

  /** Removes versions that are not among `kept`, nor what `current` leads to. */
  #prune(kept: readonly string[]): void {
    const { releases } = this.#paths;
    const old = readdirSync(releases).filter(name => toVersion(name) && !kept.includes(name) && !this.#runs(name));
    for (const name of old) rmSync(join(releases, name), { recursive: true, force: true });
  }

  /** A version's own command, with the rights of the server's user. */
  #run(version: string, args: readonly string[], deadline = PROGRAM_DEADLINE) {
    const { dataDir } = this.#options;
    const program = join(folderOf(this.#paths, version), "bin/pulse");
    return runProgram(program, args, { deadline, user: this.#owner, env: { ...process.env, PULSE_DATA_DIR: dataDir } });
  }

  #write(journal: Journal): void {
    writeSafely(this.#paths.journal, JSON.stringify(journal));
  }

  #done(name: string): void {
    this.#options.step?.(name);
  }
}

const toMib = (bytes: Bytes) => Math.ceil(bytes / MIB);
