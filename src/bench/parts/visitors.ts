import { WebSocket } from "ws";
import { SECOND } from "../../kit/units.ts";
import type { State } from "../../model/state.ts";
import type { EstateProcess } from "../../test/server-process.ts";

export const USER = { username: "admin", password: "correct horse battery" };

interface Outcome {
  /** 0: there was no answer. */
  status: number;
  said: string;
}

/** What comes and goes at a server that is used, one thing after another, by chance. Nothing of it is waited for longer than it takes. */
export class Visitors implements Disposable {
  /** How often each was done. */
  readonly done: Record<string, number> = {};
  /** What failed, with the status and what was said, and how often. */
  readonly failed: Record<string, number> = {};
  readonly #url: string;
  readonly #estate: EstateProcess;
  readonly #random: () => number;
  readonly #token: string;
  readonly #sockets = new Set<WebSocket>();
  readonly #stop = new AbortController();

  constructor(url: string, estate: EstateProcess, token: string, random: () => number) {
    this.#url = url;
    this.#estate = estate;
    this.#token = token;
    this.#random = random;
  }

  /** Goes on until it is disposed of. */
  start(): void {
    void this.#every(SECOND, () => this.#visit());
    void this.#every(3 * SECOND, () => this.#trouble());
    void this.#every(2 * SECOND, () => this.#page());
  }

  async #every(interval: number, work: () => Promise<unknown>): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await work().catch((error: Error) => this.#broke(error));
      await new Promise(done => setTimeout(done, interval));
    }
  }

  /** What goes before an action did not work: reading the state, say. In the end the server goes. */
  #broke(error: Error): void {
    if (this.#stop.signal.aborted) return;
    const what = `a round: ${String(error.cause ?? error).slice(0, 200)}`;
    this.failed[what] = (this.failed[what] ?? 0) + 1;
  }

  #one<T>(of: readonly T[]): T {
    return of[Math.floor(this.#random() * of.length)] as T;
  }

  async #count(name: string, work: () => Promise<Outcome>, ...expected: number[]): Promise<void> {
    const { status, said } = await work().catch(
      (error: Error): Outcome => ({ status: 0, said: String(error.cause ?? error) }),
    );
    this.done[name] = (this.done[name] ?? 0) + 1;
    // In the end the server goes, whatever is under way.
    if (expected.includes(status) || this.#stop.signal.aborted) return;
    const what = `${name} ${status}: ${said.slice(0, 200)}`;
    this.failed[what] = (this.failed[what] ?? 0) + 1;
  }

  async #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { "X-API-Token": this.#token, "content-type": "application/json", ...init.headers };
    return await fetch(`${this.#url}${path}`, { ...init, headers });
  }

  async #outcome(path: string, init: RequestInit = {}): Promise<Outcome> {
    const answer = await this.#ask(path, init);
    return { status: answer.status, said: await answer.text() };
  }

  async #visit(): Promise<void> {
    const state = (await (await this.#ask("/api/state")).json()) as State;
    const guest = this.#one([...state.vms, ...state.containers]);
    const post = (body: unknown): RequestInit => ({ method: "POST", body: JSON.stringify(body) });
    await this.#count("charts", () => this.#outcome(`/api/charts?range=${this.#one(["1h", "24h", "7d"])}`), 200);
    if (guest) {
      const id = encodeURIComponent(guest.id);
      await this.#count("history", () => this.#outcome(`/api/history?resource=${id}&metric=cpu&unknown=empty`), 200);
      await this.#count("explain", () => this.#outcome(`/api/alerts/explain?resource=${id}`), 200, 404);
    }
    await this.#count("search", () => this.#outcome("/api/alerts/history?limit=100"), 200);
    await this.#count("metrics", () => this.#outcome("/metrics"), 200);
    const wrong = { headers: { "X-API-Token": `wrong-${this.#random()}` } };
    await this.#count("wrong token", () => this.#outcome("/api/state", wrong), 401);
    await this.#count("nonsense", () => this.#outcome(`/${"%2e".repeat(20)}/${this.#random()}`), 404, 400);
    if (this.#random() < 0.3) await this.#count("sign-in", () => this.#outcome("/api/login", post(USER)), 200, 429);
    if (this.#random() < 0.1)
      await this.#count(
        "export",
        () => this.#outcome("/api/config/export", post({ passphrase: "a long passphrase" })),
        200,
      );
    const alert = state.activeAlerts[0];
    if (alert && this.#random() < 0.3)
      await this.#count("clear", () => this.#outcome("/api/alerts/clear", post({ id: alert.id })), 200, 404);
    if (this.#random() < 0.2) await this.#instance();
  }

  /** An instance comes, is looked at for a while, and goes. */
  async #instance(): Promise<void> {
    const { endpoints, tokenId, tokenSecret } = this.#one(this.#estate.instances);
    const name = `passing-${Math.floor(this.#random() * 1e9)}`;
    const body = JSON.stringify({
      ...{ type: "pve", name, host: endpoints[0]?.url, tokenName: tokenId, tokenValue: tokenSecret },
      fingerprint: endpoints[0]?.fingerprint,
    });
    await this.#count("instance", () => this.#outcome("/api/config/nodes", { method: "POST", body }), 200, 201, 409);
    const nodes = (await (await this.#ask("/api/config/nodes")).json()) as { id: string; name: string }[];
    for (const { id } of nodes.filter(node => node.name.startsWith("passing-")))
      await this.#count("instance goes", () => this.#outcome(`/api/config/nodes/${id}`, { method: "DELETE" }), 200);
  }

  /** Faults of the estate: a few hundredths of a second of the real clock are minutes of the server's. */
  async #trouble(): Promise<void> {
    const { name: instance } = this.#one(this.#estate.instances);
    const vmid = 100 + Math.floor(this.#random() * 50);
    const created = 9000 + Math.floor(this.#random() * 20);
    const lasts = 20 * 60 * SECOND;
    const fault = this.#one([
      { kind: "guest-created", instance, vmid: created, node: "pve1", lasts },
      { kind: "guest-deleted", instance, vmid, lasts },
      { kind: "guest-migrated", instance, vmid, to: "pve2", lasts },
      { kind: "guest-stopped", instance, vmid, lasts },
      { kind: "guest-rebooted", instance, vmid, lasts },
      { kind: "guest-cpu", instance, vmid, cpu: 1, lasts },
      { kind: "agent-hangs", instance, vmid, lasts },
      { kind: "node-off", instance, node: "pve3", lasts },
      { kind: "status", instance, status: 500, path: "/cluster/*", lasts },
      { kind: "reset", instance, path: "/nodes/*", lasts },
      { kind: "cut-json", instance, lasts },
      { kind: "slow-body", instance, path: "/cluster/resources", lasts: lasts / 4 },
      { kind: "empty-resources", instance, lasts: lasts / 4 },
      { kind: "latency", instance, delay: 500, lasts },
    ]);
    await this.#count(
      `fault ${fault.kind}`,
      async () => {
        const answer = await fetch(`${this.#estate.adminUrl}/fault`, { method: "POST", body: JSON.stringify(fault) });
        return { status: answer.status, said: await answer.text() };
      },
      200,
      201,
      400,
      409,
    );
  }

  /** Pages open, some stall and read nothing any more, all leave. */
  async #page(): Promise<void> {
    const format = this.#random() < 0.8 ? "?format=patch" : "";
    const socket = new WebSocket(`${this.#url.replace("http", "ws")}/ws${format}`, {
      headers: { "X-API-Token": this.#token },
    });
    this.#sockets.add(socket);
    socket.on("error", () => socket.terminate());
    socket.on("close", () => this.#sockets.delete(socket));
    if (this.#random() < 0.3) socket.on("open", () => socket.pause());
    this.done.page = (this.done.page ?? 0) + 1;
    setTimeout(() => socket.terminate(), this.#random() * 30 * SECOND).unref();
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    for (const socket of this.#sockets) socket.terminate();
  }
}
