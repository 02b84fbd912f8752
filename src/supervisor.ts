import { rmSync } from "node:fs";
import { join } from "node:path";
import { type App, type AppOptions, openApp } from "./app.ts";
import type { MockDesk } from "./http/mock-handlers.ts";
import { equal } from "./kit/equal.ts";
import { startMockEstate } from "./mock-estate.ts";
import { DEMO_MOCK, type MockChoice, type MockConfig } from "./model/mock-config.ts";
import { MOCK_FOLDER, readMockChoice, writeMockChoice } from "./settings/mock-choice.ts";
import type { PulseConfig } from "./settings/pulse-yaml.ts";

export interface SupervisorOptions extends Omit<AppOptions, "config" | "isMock" | "supervisor" | "port" | "startedAt"> {
  /** What pulse.yaml says now. Throws BadSettings. */
  readConfig: () => PulseConfig;
  /** Nothing runs any more, and nothing can be opened: the process must end. */
  fail: (error: unknown) => void;
}

/** What the server is opened with. */
interface Plan {
  config: PulseConfig;
  mock: MockChoice;
}

/** A server that runs, and what was started for it. */
interface Opened extends AsyncDisposable {
  plan: Plan;
  app: App;
}

/**
 * Opens the server, and opens it anew within this process, at the same port, when something changes that all rooms are built on: what
 * pulse.yaml says, the simulated estate in the place of the real one, an imported configuration. Streams connect again by themselves.
 */
export class Supervisor implements AsyncDisposable {
  readonly #options: SupervisorOptions;
  readonly #startedAt: number;
  /** What is to be open; what is, tells `#opened`. */
  #wanted: Plan;
  #opened: Opened | null = null;
  #turn: Promise<void> = Promise.resolve();
  #isStopping = false;

  private constructor(options: SupervisorOptions, wanted: Plan) {
    this.#options = options;
    this.#wanted = wanted;
    this.#startedAt = options.clock.now();
  }

  /** Throws what `openApp` throws, and BadSettings. */
  static async open(options: SupervisorOptions): Promise<Supervisor> {
    const mock = readMockChoice(options.environment.dataDir);
    const supervisor = new Supervisor(options, { config: options.readConfig(), mock });
    supervisor.#opened = await supervisor.#open(supervisor.#wanted, null);
    return supervisor;
  }

  /** The server as it runs now; null while it is being opened anew. */
  get app(): App | null {
    return this.#opened?.app ?? null;
  }

  /** How many instances pulse.yaml configures. */
  get configured(): number {
    return this.#wanted.config.instances.length;
  }

  get isMock(): boolean {
    return this.#isMockIn(this.#wanted);
  }

  /** Reads pulse.yaml again; resolves with whether it says something else, once that counts. Throws BadSettings; nothing changes then. */
  async readAgain(): Promise<boolean> {
    const config = this.#options.readConfig();
    if (equal(config, this.#wanted.config)) return false;
    this.#wanted = { ...this.#wanted, config };
    await this.#reopen();
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    await this.#turn;
    await this.#opened?.[Symbol.asyncDispose]();
  }

  /** One opening after the other. Where the new one fails, the server is opened as it was. */
  #reopen(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      const before = this.#opened;
      if (this.#isStopping || !before) return;
      const { log, fail, environment } = this.#options;
      const port = Number(new URL(before.app.url).port);
      const wanted = this.#wanted;
      await before[Symbol.asyncDispose]();
      this.#opened = null;
      // Of a simulated estate that is no more there is nothing to be shown.
      if (!equal(wanted.mock.config, before.plan.mock.config))
        rmSync(join(environment.dataDir, MOCK_FOLDER), { recursive: true, force: true });
      try {
        this.#opened = await this.#open(wanted, port);
        log("info", "The server was opened anew", { mockMode: this.#isMockIn(wanted) });
      } catch (error) {
        log("error", "The server could not be opened anew; it goes on as before", { error: String(error) });
        this.#wanted = before.plan;
        writeMockChoice(environment.dataDir, before.plan.mock);
        try {
          this.#opened = await this.#open(before.plan, port);
        } catch (worse) {
          fail(worse);
        }
      }
    });
    return this.#turn;
  }

  async #open(plan: Plan, port: number | null): Promise<Opened> {
    const { readConfig: _, fail: __, ...options } = this.#options;
    await using started = new AsyncDisposableStack();
    const estate = this.#isMockIn(plan) ? started.use(await startMockEstate(plan.mock.config)) : null;
    const app = started.use(
      await openApp({
        ...options,
        config: estate ? { ...plan.config, instances: estate.instances } : plan.config,
        isMock: estate !== null,
        startedAt: this.#startedAt,
        ...(port === null ? {} : { port }),
        supervisor: { mock: this.#mockDesk(), reopen: () => void this.#reopen() },
      }),
    );
    if (estate) estate.reportTo(app.url, started.use(app.lendToken("simulated Docker hosts")).secret);
    const running = started.move();
    return { plan, app, [Symbol.asyncDispose]: () => running.disposeAsync() };
  }

  #isMockIn({ mock }: Plan): boolean {
    // One of several shows what they show.
    return !this.#options.hand && (this.#options.environment.mockMode ?? mock.enabled);
  }

  #mockDesk(): MockDesk {
    const { mockMode, dataDir } = this.#options.environment;
    const state = () => ({
      enabled: this.#isMockIn(this.#wanted),
      config: this.#wanted.mock.config ?? DEMO_MOCK,
    });
    return {
      state,
      change: ({ enabled = state().enabled, config = {} }) => {
        if (mockMode !== null && enabled !== mockMode)
          return { refused: "locked", message: "enabled: is set by PULSE_MOCK_MODE; change it there" };
        const known = this.#wanted.mock.config;
        const next: MockChoice = {
          enabled,
          config: Object.keys(config).length === 0 ? known : { ...state().config, ...config },
        };
        const problem = next.config && tooLarge(next.config);
        if (problem) return { refused: "bad-input", message: problem };
        if (enabled === state().enabled && equal(next.config, known)) return { reopen: null };
        // The answer says that it is so: it must be so after a crash, too.
        writeMockChoice(dataDir, next);
        const shows = state().enabled || enabled;
        this.#wanted = { ...this.#wanted, mock: next };
        return { reopen: shows ? () => void this.#reopen() : null };
      },
    };
  }
}

const MOST_GUESTS = 10_000;

/** What is wrong with an estate of that size; null: nothing. */
function tooLarge({ nodeCount, vmsPerNode, lxcsPerNode }: MockConfig): string | null {
  const guests = nodeCount * (vmsPerNode + lxcsPerNode);
  return guests > MOST_GUESTS ? `config: ${guests} guests are too many; at most ${MOST_GUESTS}` : null;
}
