import type { Instant } from "../../kit/units.ts";
import type { Gap } from "../../model/instance-settings.ts";
import type { LookLog } from "../look-log.ts";
import type { Observe } from "../source.ts";
import { Agenda, callsPerSecond, type Errand } from "./agenda.ts";
import { BackupRounds } from "./backup-rounds.ts";
import { CephRounds } from "./ceph-rounds.ts";
import { Errands, type ErrandsOptions } from "./errands.ts";
import { GapRounds } from "./gap-rounds.ts";
import { GuestSettings } from "./guest-settings.ts";
import { GuestVisits } from "./guest-visits.ts";
import { NodeRounds } from "./node-rounds.ts";
import { PastRounds } from "./past-rounds.ts";
import type { Resources } from "./resources.ts";

/** All looks that are not urgent, each with a cadence of its own, within one budget of calls. */
export class Rounds {
  readonly nodes: NodeRounds;
  readonly #backups: BackupRounds;
  readonly #ceph: CephRounds;
  readonly #errands: Errands;
  readonly #agenda: Agenda;
  readonly #visits: GuestVisits;
  readonly #settings: GuestSettings;
  readonly #past: PastRounds;
  readonly gaps: GapRounds;

  /** `placeOf`: where calls about a node go. */
  constructor(
    { placeOf, ...options }: ErrandsOptions & { placeOf: (node: string) => string },
    log: LookLog,
    isPastKnown: (resource: string) => boolean,
    gap: { unfilled: Gap | null; remember: (gap: Gap | null) => void },
  ) {
    this.#errands = new Errands(options);
    this.#agenda = new Agenda(options.clock, log, placeOf);
    this.#visits = new GuestVisits(options.ask);
    this.nodes = new NodeRounds(this.#errands);
    this.#backups = new BackupRounds(this.#errands);
    this.#ceph = new CephRounds(this.#errands);
    this.#settings = new GuestSettings(this.#errands);
    this.#past = new PastRounds(this.#errands, isPastKnown);
    this.gaps = new GapRounds(this.#errands, this.#past, gap.unfilled, gap.remember);
  }

  /** Resolves when `signal` has aborted and everything under way has ended. */
  run(observe: Observe, signal: AbortSignal): Promise<void> {
    this.#errands.observe = observe;
    return this.#agenda.run(signal);
  }

  /** Makes the rounds follow what the resources name now, in steps; what they have found out completes the resources. */
  *following(resources: Resources, at: Instant): Generator<void, Resources> {
    const all = resources.nodes.flatMap(({ node }) => node ?? []);
    const online = resources.nodes.flatMap(({ node, status }) => (status === "online" && node ? [node] : []));
    const { nodes, guests, storages } = this.nodes.completed(resources, at, this.#agenda.stretch);
    const complete = {
      nodes,
      storages,
      guests: guests.map(guest => ({
        ...this.#visits.completed(guest, at, this.#agenda.stretch),
        inBackupJob: this.#backups.isInJob(guest),
        ...this.#settings.of(guest),
      })),
    };
    const kinds: (() => Errand[])[] = [
      () => this.nodes.errands(online, all),
      () => this.#ceph.errands(online),
      () => this.#backups.errands(complete, online),
      () => this.#settings.errands(guests, online),
      () => this.#visits.errands(guests),
      () => this.gaps.errands(complete, online),
      () => this.#past.errands(complete, online),
    ];
    const errands: Errand[][] = [];
    for (const make of kinds) {
      yield;
      errands.push(make());
    }
    yield;
    this.#agenda.keep(errands.flat(), callsPerSecond(online.length));
    yield;
    this.#errands.keep(part => this.#agenda.has(part));
    return complete;
  }

  /** How many times as long as planned a round takes. */
  get stretch(): number {
    return this.#agenda.stretch;
  }

  /** Nothing is asked while the resources themselves cannot be had. */
  hold(): void {
    this.#agenda.hold();
  }
}
