import { readFileSync } from "node:fs";
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, credsAuthenticator, type NatsConnection } from "@nats-io/transport-node";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { type Millis, SECOND } from "../kit/units.ts";
import type { ClusterSettings } from "../model/cluster.ts";

/** Between two attempts to get a first answer. */
const AGAIN: Millis = SECOND;
/** For an answer of NATS. */
const DEADLINE: Millis = 5 * SECOND;
/** A line that is dead without saying so is found out after two of these. */
const PING: Millis = 5 * SECOND;

/** Whose line it is. */
interface Role {
  /** NATS shows it as the name of the connection. */
  name: string;
  /** Where answers come in; left out: as usual. */
  inbox?: string;
}

/** What a line leads to. */
export interface Reached {
  connection: NatsConnection;
  stream: JetStreamClient;
  manager: JetStreamManager;
}

/** The line to the NATS servers: it comes back by itself, and is tried until it is there for the first time. */
export class Line implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #first = Promise.withResolvers<Reached>();
  #reached: Reached | null = null;
  #isUp = false;
  #comebacks = 0;

  constructor(settings: ClusterSettings, role: Role, clock: Clock, log: Log) {
    this.#first.promise.catch(() => {});
    this.#running = this.#run(settings, role, clock, log);
  }

  /** Whether NATS answers as far as is known. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** How often it was lost and is back. */
  get comebacks(): number {
    return this.#comebacks;
  }

  /** The server that it leads to, as that calls itself; null: none. */
  get server(): string | null {
    return this.#isUp ? (this.#reached?.connection.info?.server_name ?? null) : null;
  }

  /** How large one entry may be; null: nobody has said yet. */
  get largest(): number | null {
    return this.#reached?.connection.info?.max_payload ?? null;
  }

  /** Resolves when NATS has answered for the first time; rejects when the line is closed before. */
  reached(): Promise<Reached> {
    return this.#first.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#first.reject(new Error("The line to NATS was closed"));
    await this.#reached?.connection.close();
    await this.#running;
  }

  async #run(settings: ClusterSettings, role: Role, clock: Clock, log: Log): Promise<void> {
    const where = { servers: settings.servers.join(", ") };
    let told = "";
    while (!this.#stop.signal.aborted && !this.#reached) {
      try {
        const connection = await connect(toOptions(settings, role));
        const options = { timeout: DEADLINE };
        const manager = await jetstreamManager(connection, { ...options, checkAPI: false });
        this.#reached = { connection, stream: jetstream(connection, options), manager };
      } catch (error) {
        const reason = (error as Error).message;
        if (reason !== told) log("warn", `Cannot reach NATS: ${reason}`, where);
        told = reason;
        await clock.sleep(AGAIN, this.#stop.signal);
      }
    }
    if (!this.#reached) return;
    const { connection } = this.#reached;
    if (this.#stop.signal.aborted) return void (await connection.close());
    log("info", "NATS is reached", where);
    this.#isUp = true;
    this.#first.resolve(this.#reached);
    await this.#follow(connection, log);
  }

  async #follow(connection: NatsConnection, log: Log): Promise<void> {
    for await (const event of connection.status()) {
      if (event.type === "disconnect" && this.#isUp && !this.#stop.signal.aborted) {
        this.#isUp = false;
        log("warn", "The line to NATS is lost", { server: event.server });
      }
      if (event.type === "reconnect") {
        if (!this.#isUp) log("info", "The line to NATS is back", { server: event.server });
        this.#isUp = true;
        this.#comebacks += 1;
      }
      if (event.type === "error") log("warn", `NATS refuses something: ${event.error.message}`);
    }
  }
}

function toOptions({ servers, signIn, caFile, name }: ClusterSettings, role: Role): Parameters<typeof connect>[0] {
  const isSecure = caFile !== null || servers.some(server => server.startsWith("tls:"));
  return {
    servers: [...servers],
    name: `pulse ${role.name} ${name}`,
    ...(role.inbox === undefined ? {} : { inboxPrefix: role.inbox }),
    ...(isSecure ? { tls: caFile === null ? {} : { caFile } } : {}),
    ...(signIn && "user" in signIn ? { user: signIn.user, pass: signIn.password } : {}),
    ...(signIn && "credentialsFile" in signIn
      ? { authenticator: credsAuthenticator(readFileSync(signIn.credentialsFile)) }
      : {}),
    timeout: DEADLINE,
    pingInterval: PING,
    maxPingOut: 2,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    // A server that is just starting, or gets its users anew, is no reason to give up.
    ignoreAuthErrorAbort: true,
  };
}
