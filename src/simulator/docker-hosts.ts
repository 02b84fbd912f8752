import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import type { Clock } from "../kit/clock.ts";
import { every } from "../kit/every.ts";
import { DAY, type Instant, type Millis, SECOND } from "../kit/units.ts";
import { type DockerHostPlan, planDockerHosts } from "./docker-plan.ts";
import { toReport } from "./docker-report.ts";
import type { FaultBook } from "./fault-book.ts";

/** Where Docker hosts report to. */
export interface ReportTarget {
  /** Of a Pulse. */
  url: string;
  /** An API token that may report. */
  token: string;
  /** Takes any certificate. */
  insecure?: boolean;
}

const MONTH: Millis = 30 * DAY;
/** A report that takes longer is given up. */
const DEADLINE: Millis = 10 * SECOND;

/** Docker hosts whose agents report to a Pulse: nothing asks them. */
export class DockerHosts implements AsyncDisposable {
  readonly plans: readonly DockerHostPlan[];
  readonly #clock: Clock;
  readonly #book: () => FaultBook;
  readonly #interval: Millis;
  readonly #begun: Instant;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[] = [];

  /** `book`: asked when there is something to report, it may know these hosts itself. */
  constructor(options: {
    seed: string;
    count: number;
    /** How many each has; null: as the catalogue says. */
    containers: number | null;
    clock: Clock;
    interval: Millis;
    book: () => FaultBook;
  }) {
    this.#clock = options.clock;
    this.#book = options.book;
    this.#interval = options.interval;
    this.#begun = options.clock.now();
    // An estate that is started again is the same as before: nothing of it has been started anew meanwhile.
    const month = Math.floor(this.#begun / MONTH) * MONTH;
    this.plans = planDockerHosts(options.seed, options.count, month, options.containers);
  }

  /** What the agent of a host reports at `at`; null: it is silent. */
  report(plan: DockerHostPlan, at: Instant): object | null {
    const book = this.#book();
    const silent = book.activeAt(at).some(({ fault }) => fault.kind === "docker-silent" && fault.host === plan.name);
    return silent ? null : toReport(plan, { begun: this.#begun, at, interval: this.#interval, entries: book.entries });
  }

  /**
   * All hosts report to each of these from now on, until the estate is closed. What does not get through is lost, as with the original's agent.
   */
  reportTo(...targets: readonly ReportTarget[]): void {
    const { signal } = this.#stop;
    for (const plan of this.plans) {
      const send = async (at: Instant) => {
        const report = this.report(plan, at);
        if (report !== null) await Promise.all(targets.map(target => post(target, report, signal)));
      };
      this.#running.push(every(this.#interval, send, this.#clock, signal));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }
}

/** Resolves when it was answered, or could not be. */
function post({ url, token, insecure = false }: ReportTarget, report: object, stop: AbortSignal): Promise<void> {
  const body = JSON.stringify(report);
  const address = new URL("api/agents/docker/report", `${url.replace(/\/+$/, "")}/`);
  const options = {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "user-agent": "pulse-docker-agent/simulated",
      authorization: `Bearer ${token}`,
    },
    signal: AbortSignal.any([stop, AbortSignal.timeout(DEADLINE)]),
  };
  return new Promise(resolve => {
    const call =
      address.protocol === "https:"
        ? secureRequest(address, { ...options, rejectUnauthorized: !insecure })
        : plainRequest(address, options);
    call.on("response", answer => answer.resume().once("close", () => resolve()));
    call.on("error", () => resolve());
    call.end(body);
  });
}
