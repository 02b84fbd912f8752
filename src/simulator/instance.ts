import type { Clock } from "../kit/clock.ts";
import type { Millis } from "../kit/units.ts";
import type { FaultBook } from "./fault-book.ts";
import { type Body, Machine } from "./machine.ts";
import type { ClusterPlan } from "./plan.ts";
import type { Refusal } from "./refusal.ts";
import { type Reply, refused } from "./reply.ts";
import { answer, patternOf } from "./routes.ts";
import { type Scene, toScene } from "./scene.ts";

/** How many past ticks are kept for `/cluster/metrics/export`, which goes back half an hour. */
const KEPT_TICKS = 181;

/** One cluster or host of Proxmox VE in motion: its plan, what happened to it, and what it answers in this tick. */
export class Instance extends Machine {
  readonly plan: ClusterPlan;
  /** False where the nodes have no addresses of their own that a client could use. */
  readonly tellsAddresses: boolean;
  #current: { key: string; scene: Scene } | null = null;
  readonly #past = new Map<number, Map<string, string>>();

  constructor(plan: ClusterPlan, seed: string, clock: Clock, book: FaultBook, tick: Millis, tellsAddresses: boolean) {
    const { name, certificateDays } = plan;
    const nodes = plan.nodes.map(node => node.name);
    super({ product: "pve", name, nodes, seed, clock, book, tick, certificateDays });
    this.plan = plan;
    this.tellsAddresses = tellsAddresses;
  }

  answer(asked: string, path: string, search: URLSearchParams): Body {
    return answer(this, asked, path, search);
  }

  patternOf(path: string): string | null {
    return patternOf(path);
  }

  refuse(refusal: Pick<Refusal, "status" | "message" | "errors" | "after">): Reply {
    return refused(refusal, this.plan.release);
  }

  greeting(): Record<string, unknown> {
    const cap = {
      dc: { "Sys.Audit": 1 },
      nodes: { "Sys.Audit": 1 },
      vms: { "VM.Audit": 1 },
      storage: { "Datastore.Audit": 1 },
    };
    return { cap, ...(this.plan.standalone ? {} : { clustername: this.plan.name }) };
  }

  /** The instance now, values as of the beginning of the tick. */
  scene(): Scene {
    const key = this.version();
    if (this.#current?.key !== key)
      this.#current = { key, scene: toScene(this.plan, this.book.entries, this.at, this.clock.now()) };
    return this.#current.scene;
  }

  /** A text about the instant at which tick number `index` began, made once: what has passed does not change. */
  ofTick(index: number, key: string, make: (scene: Scene) => string): string {
    const texts = this.#past.get(index) ?? new Map<string, string>();
    const known = texts.get(key);
    if (known !== undefined) return known;
    const at = index * this.tick;
    const text = make(toScene(this.plan, this.book.entries, at, at));
    texts.set(key, text);
    this.#past.set(index, texts);
    const oldest = Math.floor(this.clock.now() / this.tick) - KEPT_TICKS;
    for (const past of this.#past.keys()) if (past < oldest) this.#past.delete(past);
    return text;
  }
}
