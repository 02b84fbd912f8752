import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";
import type { NotificationDesk } from "./http/notification-handlers.ts";
import { AppriseInput, EmailInput, type Webhook, WebhookInput } from "./model/channel.ts";
import { misfitsOf } from "./model/misfits.ts";
import { BadChannel } from "./notify/bad-channel.ts";
import { appriseChannel, type Channel, type ChannelBook, emailChannel, webhookChannel } from "./notify/channel-book.ts";
import { toApprise, toEmail, toWebhook } from "./notify/channel-entry.ts";
import { toNotGot } from "./notify/channels/mail-failure.ts";
import { sampleMessage } from "./notify/channels/samples.ts";
import { previewWebhook } from "./notify/channels/webhook.ts";
import type { Notify, Tried } from "./notify/notify.ts";
import type { WayOut } from "./notify/way-out.ts";

type TestInput = Parameters<NotificationDesk["test"]>[0];
type Result = Extract<Awaited<ReturnType<NotificationDesk["test"]>>, unknown[]>[number];
type WebhookOutcome = Extract<Awaited<ReturnType<NotificationDesk["testWebhook"]>>, { success: boolean }>;
type Preview = Extract<ReturnType<NotificationDesk["previewWebhook"]>, { payload: string }>;

/** Tries channels out, those that are kept and those that are only being entered. */
export class Trial {
  readonly #book: ChannelBook;
  readonly #notify: Notify;
  readonly #wayOut: WayOut;

  constructor(book: ChannelBook, notify: Notify, wayOut: WayOut) {
    this.#book = book;
    this.#notify = notify;
    this.#wayOut = wayOut;
  }

  /** Sends a test by all channels that are meant, side by side. Throws BadChannel when none can be. */
  async test(input: TestInput): Promise<Result[]> {
    const channels = this.#meant(input);
    return await Promise.all(
      channels.map(async channel => {
        const { failure, sent } = await this.#send(channel);
        const error = failure?.message ?? toNotGot(sent?.missed);
        return {
          ...{ channel: channel.id, name: channel.name, success: error === null },
          ...{ statusCode: sent?.statusCode ?? failure?.statusCode ?? null, error },
        };
      }),
    );
  }

  /** Throws BadChannel for settings that could not be kept either. */
  async testWebhook(input: WebhookInput): Promise<WebhookOutcome> {
    const settings = this.#toWebhook(input);
    const { sent, failure } = await this.#send(webhookChannel({ since: 0, settings }));
    if (sent) return { success: true, status: sent.statusCode ?? 0, response: sent.response, payload: sent.payload };
    const { payload } = previewWebhook(settings, {
      ...sampleMessage("test", 1),
      language: this.#book.general.language,
    });
    return { success: false, status: failure?.statusCode ?? 0, response: "", error: failure?.message ?? "", payload };
  }

  /** With two alerts, so that what a template makes of several shows. */
  preview(input: WebhookInput): Preview {
    return previewWebhook(toWebhook({ name: "Preview", ...input }, this.#kept(input.id), input.id ?? ""), {
      ...sampleMessage("firing", 2),
      publicUrl: this.#book.general.publicUrl || null,
      language: this.#book.general.language,
    });
  }

  #send(channel: Channel): Promise<Tried> {
    return this.#notify.try(channel, this.#notify.blank("test", sampleMessage("test", 1).alerts));
  }

  #kept(id: string | undefined): Webhook | null {
    return this.#book.webhooks.find(webhook => webhook.id === id) ?? null;
  }

  /** What is not said, or hidden, is taken from the webhook of that id. */
  #toWebhook(input: WebhookInput): Webhook {
    const settings = toWebhook({ name: "Test", ...input }, this.#kept(input.id), input.id ?? "");
    this.#wayOut.check(settings);
    return settings;
  }

  #meant({ method, type, config, webhookId }: TestInput): Channel[] {
    const kind = method ?? type ?? (webhookId === undefined ? undefined : "webhook");
    if (config !== undefined) return [this.#entered(kind, config, webhookId)];
    const { channels } = this.#book;
    const found =
      webhookId === undefined
        ? channels.filter(channel => channel.enabled && (kind === undefined || kind === channel.kind))
        : channels.filter(channel => channel.id === webhookId && channel.kind === "webhook");
    if (found.length > 0) return found;
    if (webhookId !== undefined) throw new BadChannel("webhookId", `there is no webhook "${webhookId}"`);
    // One that is not enabled yet is tried when it is asked for by name.
    const off = channels.filter(channel => kind === channel.kind);
    if (off.length > 0) return off;
    if (kind !== undefined && !KINDS.includes(kind))
      throw new BadChannel("method", `"${kind}" is none of ${KINDS.join(", ")}`);
    throw new BadChannel(
      "method",
      kind === undefined ? "no channel is enabled" : `no channel of kind "${kind}" is set up`,
    );
  }

  /** A channel as it is being entered; secrets that are left out are those that are kept, for the same server. */
  #entered(kind: string | undefined, config: object, webhookId: string | undefined): Channel {
    if (kind === "email") {
      const input = checked(EmailInput, config);
      const { email } = this.#book;
      const isSame = input.server === undefined || input.server.trim() === email.server;
      return emailChannel({ since: 0, settings: toEmail(input, isSame ? email : { ...email, password: "" }) });
    }
    if (kind === "apprise")
      return appriseChannel({ since: 0, settings: toApprise(checked(AppriseInput, config), this.#book.apprise) });
    if (kind !== "webhook") throw new BadChannel("method", "email, webhook or apprise goes with config");
    const input = checked(WebhookInput, config);
    const id = webhookId ?? input.id;
    const settings = this.#toWebhook(id === undefined ? input : { ...input, id });
    return webhookChannel({ since: 0, settings });
  }
}

const KINDS: readonly string[] = ["email", "webhook", "apprise", "push"];

/** Throws BadChannel naming the first field that does not fit. */
function checked<T extends TSchema>(schema: T, config: object): Static<T> {
  if (Value.Check(schema, config)) return config;
  const [first] = misfitsOf(schema, config);
  throw new BadChannel(["config", ...(first?.path ?? [])].join("."), first?.message ?? "not as described");
}
