import { type Row, toRow, toRows } from "../kit/fields.ts";
import type { Instant, Millis } from "../kit/units.ts";
import type { DockerReport, ReportedContainer } from "../model/docker.ts";
import { type Details, type Listed, toContainer, toDetails, toListed } from "./container.ts";
import { CALL_DEADLINE, type Engine, EngineError } from "./engine.ts";
import { toHost } from "./host.ts";
import { Images } from "./images.ts";
import type { CpuTicks, Machine } from "./machine.ts";
import { type Sample, toCpuPercent, toSample } from "./usage.ts";

/** So many calls run at the same time: an engine answers each from a thread of its own. */
const AT_ONCE = 8;
const MOST_CONTAINERS = 5000;
/** More warnings than that tell nothing new. */
const MOST_WARNINGS = 20;

export interface LookOptions {
  hostname: string | null;
  machine: () => Machine;
  now: () => Instant;
  /** How long one call may take, default 5 s. */
  callDeadline?: Millis;
}

/** What a look tells; who tells it, is the report's. */
export type Seen = Pick<DockerReport, "host"> & { containers: ReportedContainer[]; warnings: string[] };

/** What is remembered of a container between looks. */
interface Known {
  details: Details;
  sample: Sample | null;
  /** The last call for it was waited for in vain. */
  isSlow: boolean;
}

const UNKNOWN: Known = { details: {}, sample: null, isSlow: false };

/** Looks at one engine again and again, and remembers what the next look compares with. */
export class Looks {
  readonly #engine: Engine;
  readonly #options: LookOptions;
  readonly #images: Images;
  #known = new Map<string, Known>();
  #info: Row | null = null;
  #cpu: CpuTicks | null = null;

  constructor(engine: Engine, options: LookOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#images = new Images(engine);
  }

  /** Looks once, for `budget` at most: what was not answered by then is missing, and said so. Throws EngineError without a list. */
  async look(budget: Millis, signal: AbortSignal): Promise<Seen> {
    const stop = new AbortController();
    const abort = () => stop.abort();
    const timer = setTimeout(abort, budget);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    try {
      return await this.#look(stop.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      // What still hangs is not waited for.
      stop.abort();
      this.#engine.rest();
    }
  }

  async #look(signal: AbortSignal): Promise<Seen> {
    const warnings = new Warnings();
    const [info, listed] = await Promise.all([
      this.#ask("/info", signal).catch((error: unknown) => warnings.add("The engine's own facts", error)),
      this.#ask("/containers/json?all=true", signal).then(toList),
    ]);
    this.#info = toRow(info) ?? this.#info;
    const machine = this.#options.machine();
    const host = toHost({
      engine: this.#engine,
      info: this.#info,
      machine,
      cpuBefore: this.#cpu,
      hostname: this.#options.hostname,
    });
    if (host === null) throw new EngineError("broken", "The engine does not tell its host's name; set --hostname");
    if (listed.length > MOST_CONTAINERS) warnings.say(`Of ${listed.length} containers ${MOST_CONTAINERS} are told`);
    const told = listed.slice(0, MOST_CONTAINERS);
    const hostMemory = host.totalMemoryBytes ?? null;
    const visited = await this.#visitAll(told, one => this.#visit(one, hostMemory, warnings, signal));
    const containers = visited.filter(one => one !== null);
    const ids = new Set(containers.map(({ id }) => id));
    this.#known = new Map([...this.#known].filter(([id]) => ids.has(id)));
    this.#images.keep(new Set(told.flatMap(({ imageId }) => imageId ?? [])));
    this.#cpu = machine.cpu;
    return { host, containers, warnings: warnings.all };
  }

  /** In the order of the list; those that were not answered last time come last, so that they keep nobody waiting. */
  async #visitAll(
    listed: readonly Listed[],
    visit: (one: Listed) => Promise<ReportedContainer | null>,
  ): Promise<(ReportedContainer | null)[]> {
    const containers: (ReportedContainer | null)[] = [];
    const order = listed.map((one, index) => ({ one, index, isSlow: this.#known.get(one.id)?.isSlow ?? false }));
    const waiting = order.toSorted((a, b) => Number(a.isSlow) - Number(b.isSlow)).values();
    const work = async () => {
      for (const { one, index } of waiting) containers[index] = await visit(one);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return containers;
  }

  /** null: it is gone since it was listed. */
  async #visit(
    listed: Listed,
    hostMemory: number | null,
    warnings: Warnings,
    signal: AbortSignal,
  ): Promise<ReportedContainer | null> {
    const { details: before, sample: sampleBefore } = this.#known.get(listed.id) ?? UNKNOWN;
    const path = `/containers/${encodeURIComponent(listed.id)}`;
    const isRunning = listed.state === "running" || listed.state === "paused";
    const problems: unknown[] = [];
    const failed = (error: unknown) => void problems.push(error);
    // NOTE: statistics first: of a container that stops meanwhile they end early, and its state tells why.
    const statistics = isRunning
      ? await this.#ask(`${path}/stats?stream=false&one-shot=true`, signal).catch(failed)
      : null;
    const answer = await this.#ask(`${path}/json`, signal).catch(failed);
    if (answer === undefined && problems.slice(-1).some(isFault("missing"))) return null;
    const details = answer === undefined ? before : toDetails(answer);
    const sample = toSample(statistics ?? null);
    const imageCreatedAt = await this.#images.createdAt(listed.imageId, signal, this.#options.callDeadline);
    const isStill = details.state === undefined || details.state === "running" || details.state === "paused";
    if (isStill && problems.length > 0) warnings.add(`"${listed.name}"`, problems[0]);
    const isSame = before.startedAt === details.startedAt;
    const kept = sample ?? (isSame ? sampleBefore : null);
    this.#known.set(listed.id, { details, sample: kept, isSlow: problems.some(isFault("timeout")) });
    const cpuPercent = sample && isSame ? toCpuPercent(sampleBefore, sample) : null;
    return toContainer({ listed, details, sample, cpuPercent, imageCreatedAt, hostMemory }, this.#options.now());
  }

  #ask(path: string, signal: AbortSignal): Promise<unknown> {
    return this.#engine.get(path, signal, this.#options.callDeadline ?? CALL_DEADLINE);
  }
}

function isFault(fault: EngineError["fault"]): (error: unknown) => boolean {
  return error => error instanceof EngineError && error.fault === fault;
}

function toList(answer: unknown): Listed[] {
  const rows = toRows(answer);
  if (rows === null) throw new EngineError("broken", "The engine's list of containers is no list");
  return rows.map(toListed).filter(one => one !== null);
}

/** What could not be read, a sentence each, up to a number that still tells something. */
class Warnings {
  readonly #all: string[] = [];
  #more = 0;

  say(sentence: string): void {
    if (this.#all.length < MOST_WARNINGS) this.#all.push(sentence);
    else this.#more += 1;
  }

  /** A call about `what` that failed; what is not an EngineError is a bug, and thrown. */
  add(what: string, error: unknown): void {
    if (!(error instanceof EngineError)) throw error;
    this.say(`${what} could not be read: ${error.message}`.slice(0, 1024));
  }

  get all(): string[] {
    return this.#more === 0 ? this.#all : [...this.#all, `${this.#more} more could not be read`];
  }
}
