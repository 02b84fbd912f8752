import type { Instant } from "../kit/units.ts";
import type { Webhook } from "../model/channel.ts";
import { BadChannel } from "./bad-channel.ts";
import type { Post } from "./channels/channel.ts";
import { validateWebhook } from "./channels/validate-webhook.ts";
import { type Outbound, openOutbound } from "./outbound/outbound.ts";

/** In the list of networks: private ones are closed but for those that are named beside it. */
const NONE = "none";

/** The way out by HTTP, as the settings have it at the time. */
export class WayOut implements AsyncDisposable {
  readonly #now: () => Instant;
  #outbound: Outbound;
  /** What is under way goes on by the way that it has begun on. */
  readonly #earlier: Outbound[] = [];

  constructor(networks: readonly string[], now: () => Instant) {
    this.#now = now;
    this.#outbound = toOutbound(networks, now);
  }

  get post(): Post {
    return this.#outbound.post;
  }

  /** Throws BadChannel for a webhook that could never be sent: its address, its headers, its template. */
  check(webhook: Webhook): void {
    const wrong = validateWebhook(webhook, this.#outbound.refusalOf);
    if (wrong === null) return;
    const [, field = "url", message = wrong] = /^([\w.]+): (.*)$/s.exec(wrong) ?? [];
    throw new BadChannel(field, message);
  }

  /** Throws BadChannel for a browser's address that nothing is sent to. */
  checkEndpoint(url: string): void {
    const wrong = this.#outbound.refusalOf(url);
    if (wrong !== null) throw new BadChannel("endpoint", wrong);
  }

  /** What opens these networks from then on. Throws BadChannel when they cannot be read; nothing has changed then. */
  toOpen(networks: readonly string[]): () => void {
    const next = toOutbound(networks, this.#now);
    return () => {
      this.#earlier.push(this.#outbound);
      this.#outbound = next;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#outbound, ...this.#earlier].map(one => one[Symbol.asyncDispose]()));
  }
}

function toOutbound(networks: readonly string[], now: () => Instant): Outbound {
  const allow = networks.filter(network => network !== NONE);
  try {
    return openOutbound({ allow, privateNetworks: allow.length === networks.length, now });
  } catch (error) {
    if (error instanceof RangeError) throw new BadChannel("allowedPrivateNetworks", error.message);
    throw error;
  }
}
