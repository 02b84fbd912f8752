import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { type Bytes, type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import { type Arch, releaseName } from "../model/release.ts";
import type { UpdateChannel, UpdateStatus } from "../model/update.ts";
import { assertRoom, download } from "./download.ts";
import { toReleaseUrl } from "./fetching.ts";
import { type Address, Journal, Outcome, type Request, readPaper } from "./papers.ts";
import { type Paths, pathsOf, writeSafely } from "./place.ts";
import { fetchIndex, readKey, type SignedIndex } from "./release-source.ts";
import type { Attempt, UpdateBook } from "./update-book.ts";
import { toUpdateFault, UpdateFault } from "./update-fault.ts";
import { bestOf, isOtherMajor, type Offer, offersOf } from "./version.ts";

/** So long an index is taken for what there is. */
const FRESH: Millis = 10 * MINUTE;
/** Within this time, who puts versions in place must have taken what is asked for. */
const TAKEN_WITHIN: Millis = 30 * SECOND;
const LOOK_AGAIN: Millis = 500;
/** Of all the way, so much is the download: percent. */
const DOWNLOADED = 70;

export interface UpdaterOptions {
  book: UpdateBook;
  clock: Clock;
  log: Log;
  /** Where releases come from; null: nobody has said it. */
  url: URL | null;
  /** The file of the key that they are checked with; null: none is known. */
  key: string | null;
  /** The version that runs. */
  current: string;
  /** null: no releases are made for this kind of processor. */
  arch: Arch | null;
  dataDir: string;
  /** Where this Pulse is installed, so that another version can take its place; null: it is not installed like that. */
  root: string | null;
  /** Copies the database to a new file. */
  backup: (path: string) => Promise<void>;
  /** Where the server will answer after a restart. */
  address: () => Address;
  /** Is told whenever the status changes. */
  tell: (status: UpdateStatus) => void;
}

/** What a look for releases has found. */
export interface Found {
  /** What to go over to; null: nothing is newer. */
  offer: Offer | null;
  /** The address that the offer's archive is at. */
  downloadUrl: string;
  isMajor: boolean;
  /** A newer major version than that of the offer, if there is one. */
  laterMajor: string | null;
  checkedAt: Instant;
}

/** What somebody wants to go over to. `version` and `downloadUrl` may both be left out: what a look has offered. */
export interface Wish {
  version?: string | undefined;
  downloadUrl?: string | undefined;
  acceptMajor: boolean;
  channel: UpdateChannel;
  by: string | null;
  via: Attempt["via"];
}

export type ApplyOutcome = { started: string } | { refused: "busy" | "not-offered" | "major"; message: string };

/**
 * The part of an update that the server itself does: looks for releases, downloads one, and asks who may replace it to do so. What that one
 * reports is followed, also by the server that runs afterwards.
 */
export class Updater implements AsyncDisposable {
  readonly #options: UpdaterOptions;
  readonly #paths: Paths;
  readonly #stop = new AbortController();
  #index: { at: Instant; index: SignedIndex } | null = null;
  #asking: Promise<SignedIndex> | null = null;
  #status: UpdateStatus;
  #running: Promise<void> | null = null;

  constructor(options: UpdaterOptions) {
    this.#options = options;
    this.#paths = pathsOf({ root: options.root ?? "/", dataDir: options.dataDir });
    this.#status = this.#toStatus("idle", 0, "Nothing is going on");
    const { book } = options;
    const open = book.open;
    if (open?.stage === "downloading")
      this.#fail(open, new UpdateFault("cut-off", "Pulse was stopped while it downloaded the release"));
    else if (open) this.#running = this.#follow(open);
  }

  get status(): UpdateStatus {
    return this.#status;
  }

  /** The newest version that the last look offered; null: there was none, or nothing newer. */
  known(channel: UpdateChannel): string | null {
    return this.#index && (this.#foundIn(this.#index, channel).offer?.release.version ?? null);
  }

  /** Throws UpdateFault when nothing can be known. */
  async look(channel: UpdateChannel): Promise<Found> {
    const { clock } = this.#options;
    if (!this.#index || clock.now() - this.#index.at > FRESH) {
      const isIdle = this.#running === null;
      const before = this.#status;
      if (isIdle) this.#show("checking", 0, "Looking for releases");
      try {
        this.#index = { index: await this.#ask(), at: clock.now() };
      } finally {
        if (isIdle && this.#running === null) this.#set(before);
      }
    }
    return this.#foundIn(this.#index, channel);
  }

  /** Begins an update, and answers at once. Throws UpdateFault when nothing can be known of releases. */
  async apply(wish: Wish): Promise<ApplyOutcome> {
    const { book, clock, current } = this.#options;
    if (this.#running) return { refused: "busy", message: "An update is going on already" };
    const found = await this.look(wish.channel);
    const index = this.#index?.index;
    const offer = index && this.#wanted(wish, found, index);
    if (this.#running) return { refused: "busy", message: "An update is going on already" };
    if (!index || !offer) return { refused: "not-offered", message: this.#whyNot(wish) };
    const { version } = offer.release;
    if (isOtherMajor(version, current) && !wish.acceptMajor)
      return {
        refused: "major",
        message: `v${version} is another major version than v${current}: read its notes, then send "acceptMajor": true`,
      };
    const { channel, by, via } = wish;
    const attempt = book.begin({ began: clock.now(), channel, from: current, to: version, by, via });
    this.#options.log("info", "An update begins", { from: current, to: version, by });
    this.#show("downloading", 0, `Downloading v${version}`);
    this.#running = this.#carryOut(attempt, offer, index);
    return { started: version };
  }

  /** Stops following; what was handed over goes on. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  #ask(): Promise<SignedIndex> {
    const { url, key } = this.#options;
    if (!url)
      throw new UpdateFault(
        "no-source",
        "No source of releases is configured: PULSE_UPDATE_URL names the address of its releases.json",
      );
    this.#asking ??= fetchIndex(url, readKey(key), this.#stop.signal).finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  #foundIn({ index, at }: { index: SignedIndex; at: Instant }, channel: UpdateChannel): Found {
    const { current } = this.#options;
    const offers = this.#offers(index, channel);
    const offer = bestOf(offers, current);
    const latest = offers[0]?.release.version ?? null;
    return {
      offer,
      downloadUrl: offer ? urlOf(offer, index).href : "",
      isMajor: offer !== null && isOtherMajor(offer.release.version, current),
      laterMajor: offer && latest !== null && isOtherMajor(latest, offer.release.version) ? latest : null,
      checkedAt: at,
    };
  }

  #offers(index: SignedIndex, channel: UpdateChannel): Offer[] {
    const { current, arch } = this.#options;
    return arch === null ? [] : offersOf(index.releases, { current, channel, arch });
  }

  /** null: the index does not offer that. */
  #wanted({ version, downloadUrl, channel }: Wish, found: Found, index: SignedIndex): Offer | null {
    if (version === undefined && downloadUrl === undefined) return found.offer;
    const offers = this.#offers(index, channel);
    const named = version?.replace(/^v/, "");
    return (
      offers.find(
        offer =>
          (named === undefined || offer.release.version === named) &&
          (downloadUrl === undefined || urlOf(offer, index).href === downloadUrl),
      ) ?? null
    );
  }

  #whyNot({ version, downloadUrl, channel }: Wish): string {
    const { arch, current } = this.#options;
    const where = `the index of releases has for ${arch ?? process.arch} in the channel ${channel}`;
    if (downloadUrl !== undefined) return `downloadUrl: is none of the archives newer than v${current} that ${where}`;
    if (version !== undefined)
      return `version: "${version}" is none of the versions newer than v${current} that ${where}`;
    return `v${current} is the newest that ${where}`;
  }

  async #carryOut(attempt: Attempt, offer: Offer, index: SignedIndex): Promise<void> {
    try {
      await this.#fetch(offer, index);
      await this.#handOver(attempt, offer, index);
    } catch (error) {
      // Stopped: the next start says that it was cut off.
      if (!this.#stop.signal.aborted) this.#fail(attempt, toUpdateFault(error));
      return;
    }
    await this.#follow(attempt);
  }

  async #fetch(offer: Offer, index: SignedIndex): Promise<void> {
    const { dataDir } = this.#options;
    const { updates } = this.#paths;
    mkdirSync(updates, { recursive: true, mode: 0o700 });
    const archive = join(updates, this.#nameOf(offer));
    this.#tidy(archive);
    assertRoom(dataDir, offer.asset.size + this.#databaseSize());
    let shown = -1;
    await download(urlOf(offer, index), offer.asset, archive, {
      signal: this.#stop.signal,
      progress: bytes => {
        const progress = Math.floor((bytes / offer.asset.size) * DOWNLOADED);
        if (progress === shown) return;
        shown = progress;
        this.#show("downloading", progress, `Downloading v${offer.release.version}`);
      },
    });
  }

  /** NOTE: the book is written before the copy is made, so that the copy knows that it was handed over, too. */
  async #handOver(attempt: Attempt, offer: Offer, { content, signature }: SignedIndex): Promise<void> {
    const { book, backup, address } = this.#options;
    const { updates, request, index, signature: signatureFile } = this.#paths;
    const copy = `before-${attempt.to}.db`;
    book.handOver(attempt.id, join(updates, copy));
    this.#show("installing", DOWNLOADED + 5, "Copying the database");
    rmSync(join(updates, copy), { force: true });
    await backup(join(updates, copy));
    writeSafely(index, content, 0o600);
    writeSafely(signatureFile, signature, 0o600);
    const asked: Request = {
      ...{ id: attempt.id, version: attempt.to, archive: this.#nameOf(offer) },
      ...{ address: address(), backup: copy },
    };
    writeSafely(request, JSON.stringify(asked), 0o600);
  }

  /** Shows how far it is until it is over. Who puts it in place leaves at any time a request, a journal, or an outcome. */
  async #follow(attempt: Attempt): Promise<void> {
    const { clock } = this.#options;
    const { request } = this.#paths;
    const since = clock.now();
    let isWithdrawn = false;
    while (!this.#stop.signal.aborted) {
      // NOTE: in the order in which they take each other's place, so that one is always seen.
      const isAsked = existsSync(request);
      const journal = this.#paper(Journal, this.#paths.journal);
      const outcome = this.#paper(Outcome, this.#paths.outcome);
      if (outcome?.id === attempt.id) {
        this.#end(attempt, outcome);
        return;
      }
      if (journal?.id === attempt.id) this.#show("installing", PROGRESS[journal.state], journal.message);
      else if (!isAsked) {
        this.#fail(attempt, isWithdrawn ? NOT_TAKEN : NOTHING_KNOWN);
        return;
      } else {
        this.#show("installing", DOWNLOADED + 10, "Waiting for pulse-update.service");
        if (clock.now() - since > TAKEN_WITHIN) {
          rmSync(request, { force: true });
          isWithdrawn = true;
        }
      }
      await clock.sleep(isWithdrawn ? 4 * LOOK_AGAIN : LOOK_AGAIN, this.#stop.signal);
    }
  }

  #fail(attempt: Attempt, { kind, message }: UpdateFault): void {
    this.#end(attempt, { status: "failed", code: kind, message });
  }

  #end(attempt: Attempt, { status, code, message }: Pick<Outcome, "status" | "code" | "message">): void {
    const { book, clock, log } = this.#options;
    const { from, to } = attempt;
    const isDone = status === "completed";
    book.end(attempt.id, status, isDone ? null : { code, message }, clock.now());
    if (isDone) log("info", "An update is completed", { from, to });
    else log("error", `An update failed: ${message}`, { from, to });
    this.#running = null;
    if (isDone) this.#tidy(null);
    this.#set(isDone ? this.#toStatus("completed", 100, message) : this.#toStatus("error", 100, message, message));
  }

  /** Removes what is of no more use: archives but the one at `path`, papers, and copies of the database but the newest. */
  #tidy(path: string | null): void {
    const { updates } = this.#paths;
    if (!existsSync(updates)) return;
    const files = readdirSync(updates).map(name => join(updates, name));
    const copies = files.filter(file => file.endsWith(".db")).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    for (const file of files) if (file !== path && file !== copies[0]) rmSync(file, { force: true });
  }

  #nameOf({ release, asset }: Offer): string {
    return `${releaseName(release.version, asset.arch)}-${asset.sha256.slice(0, 16)}.tar.gz`;
  }

  #databaseSize(): Bytes {
    const path = join(this.#options.dataDir, "pulse.db");
    return [path, `${path}-wal`].reduce((sum, file) => sum + (existsSync(file) ? statSync(file).size : 0), 0);
  }

  #paper<S extends typeof Journal | typeof Outcome>(schema: S, path: string) {
    return this.#options.root !== null && existsSync(path) ? readPaper(schema, readFileSync(path, "utf8")) : null;
  }

  #show(status: UpdateStatus["status"], progress: number, message: string): void {
    if (this.#status.status === status && this.#status.progress === progress && this.#status.message === message)
      return;
    this.#set(this.#toStatus(status, progress, message));
  }

  #set(status: UpdateStatus): void {
    this.#status = status;
    this.#options.tell(status);
  }

  #toStatus(status: UpdateStatus["status"], progress: number, message: string, error?: string): UpdateStatus {
    const updatedAt = new Date(this.#options.clock.now()).toISOString();
    return { status, progress, message, ...(error === undefined ? {} : { error }), updatedAt };
  }
}

const PROGRESS: { readonly [S in Journal["state"]]: number } = {
  preparing: 85,
  switching: 90,
  "going-back": 95,
  done: 99,
};
const NOT_TAKEN = new UpdateFault(
  "not-taken",
  "pulse-update.service did not take the update: look at systemctl status pulse-update.path pulse-update.service",
);
const NOTHING_KNOWN = new UpdateFault("cut-off", "Pulse was stopped before anything was replaced");

function urlOf({ asset }: Offer, { url }: SignedIndex): URL {
  const address = toReleaseUrl(asset.url, url.href);
  if (!address)
    throw new UpdateFault("bad-index", `The archive's address "${asset.url}" is none that a release may come from`);
  return address;
}
