import type { KV } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Clock } from "../kit/clock.ts";
import type { Instant } from "../kit/units.ts";
import type { ClusterReport } from "../model/cluster-report.ts";
import type { EnteringDeed } from "../model/entered-instance.ts";
import type { Database } from "../store/database.ts";
import { type Entered, EnteredBook } from "./entered-book.ts";
import type { Entries } from "./entries.ts";
import type { Members } from "./members.ts";
import { fingerprintOf } from "./site-key.ts";
import { keyPlace, SiteKeys } from "./site-keys.ts";
import { askToTry, type Trial, type Tried } from "./trials.ts";

export interface EnteringOptions {
  database: Database;
  members: Members;
  entries: () => Entries;
  clock: Clock;
}

/** What a core does with instances that are entered on pages, for edges to watch. */
export class Entering {
  readonly #options: EnteringOptions;
  readonly book: EnteredBook;
  /** By which secrets are sealed. */
  readonly keys: SiteKeys;
  #bucket: KV | null = null;
  #known: KV | null = null;

  constructor(options: EnteringOptions) {
    this.#options = options;
    this.book = new EnteredBook(options.database);
    this.keys = new SiteKeys(options.clock);
  }

  /** `known`: where edges tell their keys; `entered`: where they read what they are to watch. */
  open(known: KV, entered: KV): void {
    this.#bucket = entered;
    this.#known = known;
    void this.keys.follow(known).catch(() => {});
  }

  /** NATS has lost what it had stored. */
  startAnew(): void {
    this.#bucket = null;
    this.book.startAnew();
  }

  /** The site of an instance, wherever it stands; null: there is none of that name. */
  siteOf(name: string): string | null {
    return this.#options.entries().instances.siteOf(name);
  }

  /** Whether it was entered on a page, and no edge has it in its pulse.yaml. */
  isEntered(name: string): boolean {
    const site = this.siteOf(name);
    return site !== null && this.book.has(site, name) && !this.#options.entries().instances.isGiven(name);
  }

  /** Does what was entered at any core, as all cores do. */
  perform(deed: EnteringDeed, at: Instant): Entered {
    const outcome = this.#options.entries().enter(deed, at);
    // Otherwise within seconds.
    void this.lay().catch(() => {});
    return outcome;
  }

  /** Lets edges read what NATS does not have yet. */
  async lay(): Promise<void> {
    if (this.#bucket) await this.book.lay(this.#bucket);
  }

  /** An edge is gone for good: nothing is sealed for its key from now on. */
  async dismiss(site: string, edge: string): Promise<void> {
    // Otherwise in a week.
    await this.#known?.delete(keyPlace(site, edge)).catch(() => {});
  }

  /** Has an edge of the site try something out. */
  async tryOut(connection: NatsConnection, site: string, trial: Trial): Promise<Tried> {
    const known = new Set(this.keys.of(site).map(({ edge }) => edge));
    const there = this.#options.members.all().filter(one => one.site === site && one.silentSince === null);
    const edges = there.map(({ name }) => name).filter(name => known.has(name));
    return await askToTry(connection, { site, edges }, trial);
  }

  /** Of the sites in `others`, and all that have told a key. */
  report(others: readonly string[]): ClusterReport["sites"] {
    const names = [...new Set([...others, ...this.keys.sites()])].sort();
    return names.map(name => ({
      name,
      keys: this.keys.of(name).map(({ edge, key }) => ({ edge, fingerprint: fingerprintOf(key) })),
    }));
  }
}
