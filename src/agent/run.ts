import type { Clock } from "../kit/clock.ts";
import { every } from "../kit/every.ts";
import type { Log } from "../kit/log.ts";
import { type Millis, SECOND } from "../kit/units.ts";
import type { DockerReport } from "../model/docker.ts";
import { deliver } from "./deliver.ts";
import { chooseAddress, type Engine, EngineError, openEngine } from "./engine.ts";
import { addressText } from "./engine-address.ts";
import { readIdentity } from "./identity.ts";
import { Looks } from "./look.ts";
import { readMachine } from "./machine.ts";
import type { AgentOptions, Target } from "./options.ts";
import { Outbox } from "./outbox.ts";
import type { Outcome } from "./post.ts";
import { reportText, toReport } from "./report.ts";

/** CPU needs two samples: before the first report there is a look that only takes the first of them. */
const BETWEEN_SAMPLES: Millis = 2 * SECOND;
/** A failed look is tried again sooner than the next report is due. */
const AFTER_FAILURE: Millis = 5 * SECOND;
const LONGEST_LOOK: Millis = 25 * SECOND;

export interface AgentParts {
  clock: Clock;
  log: Log;
  version: string;
  random: () => number;
  send: (target: Target, text: string, signal: AbortSignal) => Promise<Outcome>;
  /** How long one call to the engine may take. */
  callDeadline?: Millis;
}

/** Looks every interval and brings what was seen to every server, until `signal` aborts. */
export async function runAgent(options: AgentOptions, parts: AgentParts, signal: AbortSignal): Promise<void> {
  const { clock, log, random, send } = parts;
  const posts = options.targets.map(target => ({ target, outbox: new Outbox() }));
  const deliveries = posts.map(({ target, outbox }) =>
    deliver({ url: target.url, outbox, send: (text, stop) => send(target, text, stop), clock, log, random }, signal),
  );
  const reporter = new Reporter(options, parts);
  let failing: string | null = null;
  let isFirst = true;
  const turn = async () => {
    try {
      if (isFirst) {
        await reporter.look(signal);
        isFirst = false;
        await clock.sleep(BETWEEN_SAMPLES, signal);
      }
      const text = reportText(await reporter.look(signal));
      for (const { outbox } of posts) outbox.add(text);
      if (failing !== null) log("info", "The engine answers again");
      failing = null;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (!signal.aborted && error.message !== failing) log("warn", "Cannot look", { reason: error.message });
      failing = error.message;
    }
  };
  const interval = () => (failing === null ? options.interval : Math.min(AFTER_FAILURE, options.interval));
  await Promise.all([every(interval, turn, clock, signal), ...deliveries]);
}

/** The report of one look, for `--once`. Throws EngineError. */
export async function reportOnce(options: AgentOptions, parts: AgentParts, signal: AbortSignal): Promise<DockerReport> {
  const reporter = new Reporter(options, parts);
  await reporter.look(signal);
  await parts.clock.sleep(BETWEEN_SAMPLES, signal);
  return reporter.look(signal);
}

/** Makes reports. Which engine they are about is settled by the first look that succeeds. */
class Reporter {
  readonly #options: AgentOptions;
  readonly #parts: AgentParts;
  #at: { engine: Engine; looks: Looks; agentId: string } | null = null;
  #isSettled = false;

  constructor(options: AgentOptions, parts: AgentParts) {
    this.#options = options;
    this.#parts = parts;
  }

  async look(signal: AbortSignal): Promise<DockerReport> {
    const { interval } = this.#options;
    const { looks, agentId } = this.#open();
    const seen = await looks.look(Math.min(LONGEST_LOOK, interval * 0.8), signal);
    this.#isSettled = true;
    const agent = { id: agentId, version: `v${this.#parts.version}`, intervalSeconds: interval / SECOND };
    return toReport(seen, agent, this.#parts.clock.now());
  }

  #open() {
    const address = chooseAddress(this.#options.engines);
    if (this.#at !== null && (this.#isSettled || this.#at.engine.address === address)) return this.#at;
    const { clock, callDeadline } = this.#parts;
    const engine = openEngine(address);
    const looks = new Looks(engine, {
      hostname: this.#options.hostname,
      machine: readMachine,
      now: clock.now,
      ...(callDeadline === undefined ? {} : { callDeadline }),
    });
    this.#at = { engine, looks, agentId: this.#agentId(addressText(address)) };
    return this.#at;
  }

  #agentId(engine: string): string {
    const { agentId, stateDir } = this.#options;
    if (agentId !== null) return agentId;
    const { machineId, hostname } = readMachine();
    const { id, problem } = readIdentity({ stateDir, machineId, hostname, engine });
    if (problem !== null) this.#parts.log("warn", problem);
    return id;
  }
}
