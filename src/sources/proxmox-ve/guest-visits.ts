import { HOUR, type Instant, MINUTE, type Millis } from "../../kit/units.ts";
import type { Fault } from "../../model/fault.ts";
import type { Guest } from "../../model/guest.ts";
import type { Facts } from "../../model/observation.ts";
import { toDisks } from "../filesystems.ts";
import { LookFailed } from "../source.ts";
import { backOff, type Errand, type Outcome } from "./agenda.ts";
import type { Ask } from "./ask.ts";
import { type GuestAddress, pathOf, toAddress } from "./guest-address.ts";
import {
  type AgentFault,
  reachable,
  toAgentFault,
  toAgentInterfaces,
  toContainerInterfaces,
  toFilesystems,
  toMeminfo,
  toOs,
  toResult,
} from "./guest-agent.ts";
import { type GuestDetail, NOTHING_KNOWN, toCurrent, withDetail } from "./guest-detail.ts";
import { StandingErrands } from "./standing-errands.ts";

/** Disks and memory of a VM with an agent. */
const VITALS: Millis = MINUTE;
/** What rarely changes: the operating system, the network, whether there is an agent at all. */
const METADATA: Millis = 10 * MINUTE;
/** What a guest does not support, or we may not ask, is tried again after that. */
const REST: Millis = HOUR;

/** What an agent can be asked, and what the answer adds to what is known. */
const COMMANDS = {
  "get-fsinfo": {
    metadata: false,
    take: (result: unknown, detail: GuestDetail, at: Instant): GuestDetail => {
      const filesystems = toFilesystems(result);
      if (!filesystems) return { ...detail, reason: "agent-error" };
      const list = toDisks(filesystems);
      if (list.length > 0) return { ...detail, disks: { list, at }, reason: null };
      const reason = filesystems.length > 0 ? "special-filesystems-only" : "no-filesystems";
      return { ...detail, disks: null, reason };
    },
  },
  "get-osinfo": {
    metadata: true,
    take: (result: unknown, detail: GuestDetail): GuestDetail => {
      const { osName, osVersion } = toOs(result);
      return { ...detail, osName, osVersion };
    },
  },
  "network-get-interfaces": {
    metadata: true,
    take: (result: unknown, detail: GuestDetail): GuestDetail => toNetwork(detail, toAgentInterfaces(result)),
  },
  /** Of Linux only. Asks for a privilege of its own (VM.Monitor, since 9 VM.GuestAgent.FileRead), which many users lack. */
  "file-read?file=%2Fproc%2Fmeminfo": {
    metadata: false,
    take: (result: unknown, detail: GuestDetail, at: Instant): GuestDetail => {
      const meminfo = toMeminfo(result);
      return { ...detail, meminfo: meminfo && { ...meminfo, at } };
    },
  },
} as const;
type Command = keyof typeof COMMANDS;
const FILE_READ: Command = "file-read?file=%2Fproc%2Fmeminfo";

function toNetwork(detail: GuestDetail, interfaces: GuestDetail["interfaces"]): GuestDetail {
  return { ...detail, interfaces, ipAddresses: interfaces && reachable(interfaces) };
}

/** One guest between visits. */
interface Patient {
  detail: GuestDetail;
  agent: boolean;
  linux: boolean;
  metadataAt: Instant | null;
  failures: number;
  /** Of its own: a guest that started anew begins anew. */
  uptime: number;
  /** Commands that are not asked before the given time. */
  resting: Map<Command, Instant>;
}

/**
 * Asks guests for what only they know, one at a time and rarely: agent calls cost the guest, and one that hangs costs the node. A guest
 * that fails is left alone for longer each time, and hides no other. Nothing is repeated on an error.
 */
export class GuestVisits {
  readonly #ask: Ask;
  readonly #standing = new StandingErrands<GuestAddress>(guest => this.#errandOf(guest));
  /** By id, as the last look told them. */
  readonly #uptimes = new Map<string, number>();
  readonly #patients = new Map<string, Patient>();
  /** Commands that we may not use on this instance. */
  readonly #forbidden = new Map<Command, Instant>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Visits to the guests that run; forgets those that are no longer there. */
  errands(guests: readonly Facts<Guest>[]): Errand[] {
    const ids = new Set(guests.map(({ id }) => id));
    for (const kept of [this.#patients, this.#uptimes]) for (const id of kept.keys()) if (!ids.has(id)) kept.delete(id);
    for (const { id, uptime } of guests) this.#uptimes.set(id, uptime ?? 0);
    const running = guests.filter(({ status, withheld }) => status === "running" && !withheld);
    return this.#standing.of(running.map(toAddress));
  }

  #errandOf(guest: GuestAddress): Errand {
    const lxc = guest.type === "lxc";
    const run: Errand["run"] = (at, signal) =>
      lxc ? this.#visitContainer(guest, signal) : this.#visit(guest, at, signal);
    return { scope: "guests", part: guest.id, node: guest.node, interval: lxc ? METADATA : VITALS, run };
  }

  /** The facts, completed by what the visits found. */
  completed(facts: Facts<Guest>, at: Instant, stretch: number): Facts<Guest> {
    return withDetail(facts, this.#patients.get(facts.id)?.detail ?? NOTHING_KNOWN, at, stretch);
  }

  #patient({ id }: GuestAddress): Patient {
    const known = this.#patients.get(id);
    const uptime = this.#uptimes.get(id) ?? 0;
    const restarted = known !== undefined && uptime < known.uptime;
    const patient =
      known && !restarted
        ? known
        : {
            detail: known?.detail ?? NOTHING_KNOWN,
            agent: false,
            linux: false,
            metadataAt: null,
            failures: 0,
            uptime: 0,
            resting: new Map(),
          };
    patient.uptime = uptime;
    this.#patients.set(id, patient);
    return patient;
  }

  async #visitContainer(guest: GuestAddress, signal: AbortSignal): Promise<Outcome> {
    const patient = this.#patient(guest);
    let fault: Fault | null = null;
    try {
      const data = await this.#ask(`${pathOf(guest)}/interfaces`, guest.node, signal);
      patient.detail = toNetwork(patient.detail, toContainerInterfaces(data));
      patient.failures = 0;
    } catch (error) {
      if (!(error instanceof LookFailed)) throw error;
      patient.failures++;
      fault = error.fault;
    }
    return { calls: 1, pause: backOff(METADATA, patient.failures), fault };
  }

  async #visit(guest: GuestAddress, at: Instant, signal: AbortSignal): Promise<Outcome> {
    const patient = this.#patient(guest);
    let calls = 0;
    const ask = (path: string) => {
      calls++;
      return this.#ask(`${pathOf(guest)}/${path}`, guest.node, signal);
    };
    const fault = await this.#examine(patient, ask, at, signal);
    // An agent that is off is no failure of the look: the guest's own reason says so.
    if (fault === "moved") return { calls, pause: null, fault: null };
    patient.failures = fault === null ? 0 : patient.failures + 1;
    if (fault !== null) patient.detail = { ...patient.detail, reason: fault };
    const interval = patient.agent ? VITALS : METADATA;
    return { calls, pause: backOff(interval, patient.failures), fault: null };
  }

  /** Asks what is due; stops at the first thing that speaks against asking further, and returns it. */
  async #examine(
    patient: Patient,
    ask: (path: string) => Promise<unknown>,
    at: Instant,
    signal: AbortSignal,
  ): Promise<AgentFault | null> {
    const renew = patient.metadataAt === null || at - patient.metadataAt >= METADATA;
    if (renew) {
      const current = await settled(ask("status/current"));
      if ("fault" in current) return current.fault;
      const { agent, counts, balloon } = toCurrent(current.data);
      patient.agent = agent;
      patient.detail = { ...patient.detail, counts, balloon };
      if (!agent) patient.detail = { ...withoutAgent(patient.detail), reason: "agent-disabled" };
      patient.metadataAt = at;
    }
    if (!patient.agent) return null;
    if (at < (this.#forbidden.get("get-fsinfo") ?? 0))
      patient.detail = { ...patient.detail, reason: "permission-denied" };
    for (const command of Object.keys(COMMANDS) as Command[]) {
      if (signal.aborted || !this.#isDue(patient, command, renew, at)) continue;
      const fault = await this.#command(patient, command, ask, at);
      if (fault !== null) {
        if (renew) patient.metadataAt = null;
        return fault;
      }
    }
    return null;
  }

  #isDue(patient: Patient, command: Command, renew: boolean, at: Instant): boolean {
    if (COMMANDS[command].metadata && !renew) return false;
    if (command === FILE_READ && !patient.linux) return false;
    return at >= Math.max(patient.resting.get(command) ?? 0, this.#forbidden.get(command) ?? 0);
  }

  /** What one guest does not support, and what we may not ask of any, rests for an hour; everything else ends the visit. */
  async #command(
    patient: Patient,
    command: Command,
    ask: (path: string) => Promise<unknown>,
    at: Instant,
  ): Promise<AgentFault | null> {
    const answer = await settled(ask(`agent/${command}`));
    const outcome =
      "fault" in answer ? answer : toResult(command === FILE_READ ? { result: answer.data } : answer.data);
    if ("result" in outcome) {
      patient.detail = COMMANDS[command].take(outcome.result, patient.detail, at);
      if (command === "get-osinfo") patient.linux = toOs(outcome.result).linux;
      return null;
    }
    const { fault } = outcome;
    if (fault !== "permission-denied" && fault !== "agent-unsupported") return fault;
    if (fault === "permission-denied") this.#forbidden.set(command, at + REST);
    else patient.resting.set(command, at + REST);
    if (command === "get-fsinfo") patient.detail = { ...patient.detail, disks: null, reason: fault };
    return null;
  }
}

/** A call whose failure is a value. */
async function settled(call: Promise<unknown>): Promise<{ data: unknown } | { fault: AgentFault }> {
  try {
    return { data: await call };
  } catch (error) {
    if (!(error instanceof LookFailed)) throw error;
    return { fault: toAgentFault(error.fault) };
  }
}

/** An agent that was switched off tells nothing any more. */
function withoutAgent(detail: GuestDetail): GuestDetail {
  return { ...NOTHING_KNOWN, counts: detail.counts, balloon: detail.balloon };
}
