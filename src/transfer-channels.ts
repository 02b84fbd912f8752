import { type Static, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";
import type { Clock } from "./kit/clock.ts";
import { equal } from "./kit/equal.ts";
import { toRow, toRows, toText } from "./kit/fields.ts";
import { AppriseInput, EmailInput, MessageLanguage, WebhookInput } from "./model/channel.ts";
import { misfitsOf, toSentence } from "./model/misfits.ts";
import { BadChannel } from "./notify/bad-channel.ts";
import type { ChannelBook } from "./notify/channel-book.ts";
import { toApprise, toEmail } from "./notify/channel-entry.ts";
import type { Checked, TransferPart } from "./settings/transfer.ts";

const General = Type.Partial(
  Type.Object({
    publicUrl: Type.String({
      pattern: "^(https?://\\S+)?$",
      maxLength: 2048,
      must: "must be an address with http:// or https:// of at most 2,048 characters, or empty",
    }),
    allowedPrivateNetworks: Type.Array(
      Type.String({
        pattern: "^(none|[0-9A-Fa-f.:]+(/\\d{1,3})?)$",
        must: "must be none, or an address or network such as 10.0.0.0/24",
      }),
    ),
    canary: Type.Object({ enabled: Type.Boolean(), hour: Type.Integer({ minimum: 0, maximum: 23 }) }),
    language: MessageLanguage,
  }),
);

/** Where notifications go, with the secrets. Browsers are not among them: each has said yes to one server. */
export function channelParts(book: ChannelBook, clock: Clock): TransferPart[] {
  return [
    {
      field: "email",
      export: () => book.email,
      check: value =>
        checking("email", EmailInput, value, book.lockedBy.email, input => {
          if (equal(toEmail(input, book.email), book.email)) return null;
          return { change: "changes e-mail", apply: () => void book.changeEmail(input, clock.now()) };
        }),
    },
    webhooksPart(book, clock),
    {
      field: "apprise",
      export: () => book.apprise,
      check: value =>
        checking("apprise", AppriseInput, value, book.lockedBy.apprise, input => {
          if (equal(toApprise(input, book.apprise), book.apprise)) return null;
          return { change: "changes Apprise", apply: () => void book.changeApprise(input, clock.now()) };
        }),
    },
    {
      field: "notifications",
      export: () => book.general,
      check: value => {
        const locked = Object.entries(book.lockedBy.general);
        const checked = checking("notifications", General, value, null, input => {
          const stays = Object.fromEntries(locked.map(([field]) => [field, book.general[field as "canary"]]));
          const next = { ...book.general, ...input, ...stays };
          if (equal(next, book.general)) return null;
          return { change: "changes what holds for all channels", apply: () => book.changeGeneral(next) };
        });
        const named = locked.filter(([field]) => toRow(value)?.[field] !== undefined);
        return { ...checked, notes: named.map(([field, by]) => `notifications.${field}: is set by ${by}, and stays`) };
      },
    },
  ];
}

/** What there is and is not named stays. */
function webhooksPart(book: ChannelBook, clock: Clock): TransferPart {
  return {
    field: "webhooks",
    export: () => book.webhooks,
    check(value) {
      const checked = (toRows(value) ?? []).map((row, at) =>
        checking(`webhooks[${at}]`, WebhookInput, row, book.lockedBy.webhook(toText(row.id) ?? ""), input => {
          const before = book.webhooks.find(({ id }) => id === input.id) ?? null;
          const after = book.tryWebhook(input);
          if (equal(after, before)) return null;
          return before
            ? { change: `changes webhook "${after.name}"`, apply: () => void book.changeWebhook(before.id, input) }
            : {
                isNew: true,
                change: `adds webhook "${after.name}"`,
                apply: () => void book.addWebhook(input, clock.now()),
              };
        }),
      );
      return {
        problems: checked.flatMap(({ problems }) => problems),
        changes: checked.flatMap(({ changes }) => changes),
        notes: checked.flatMap(({ notes }) => notes),
        tally: {
          added: sum(checked.map(({ tally }) => tally.added)),
          changed: sum(checked.map(({ tally }) => tally.changed)),
          unchanged: sum(checked.map(({ tally }) => tally.unchanged)),
        },
        apply() {
          for (const { apply } of checked) apply();
        },
      };
    },
  };
}

/** Checks the shape of a value, then what it would change; `find` null: nothing. `lockedBy`: what sets it elsewhere; it stays then. */
function checking<S extends TSchema>(
  path: string,
  schema: S,
  value: unknown,
  lockedBy: string | null,
  find: (input: Static<S>) => { change: string; apply: () => void; isNew?: true } | null,
): Checked {
  const tally = { added: 0, changed: 0, unchanged: 0 };
  const nothing: Checked = { problems: [], changes: [], notes: [], tally, apply: () => {} };
  if (lockedBy !== null) return { ...nothing, notes: [`${path}: is set by ${lockedBy}, and stays as it is`] };
  if (!Value.Check(schema, value)) {
    const problems = misfitsOf(schema, value).map(misfit =>
      toSentence({ ...misfit, path: [path, ...misfit.path] }, path),
    );
    return { ...nothing, problems: problems.slice(0, 1) };
  }
  try {
    const found = find(value as Static<S>);
    if (!found) return { ...nothing, tally: { ...tally, unchanged: 1 } };
    const counted = found.isNew ? { ...tally, added: 1 } : { ...tally, changed: 1 };
    return { ...nothing, tally: counted, changes: [found.change], apply: found.apply };
  } catch (error) {
    if (!(error instanceof BadChannel)) throw error;
    return { ...nothing, problems: [`${path}.${error.message}`] };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
