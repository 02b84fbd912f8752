import { createMemo, createSignal, type JSX, Show } from "solid-js";
import { MINUTE } from "../../kit/units.ts";
import { formatTime } from "../format/format.ts";
import { isRefused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { createLogReading } from "../live/log-reading.ts";
import { createReading } from "../live/reading.ts";
import type { Column } from "../ui/column.ts";
import { Field, TextField } from "../ui/field.tsx";
import { LogTable } from "../ui/log-table.tsx";
import { EmptyState } from "../ui/states.tsx";
import { stateName } from "../words/states.ts";
import { t } from "../words/words.ts";
import { actionName } from "./action-names.ts";
import { type AuditEntry, readAudit, readAuditCheck } from "./security-api.ts";

const PAGE = 50;
const RENEWED = MINUTE / 6;

/** What was done, by whom and from where; the newest first. */
export function AuditPanel(): JSX.Element {
  const live = useLive();
  const [actor, setActor] = createSignal("");
  const [outcome, setOutcome] = createSignal("");
  const read = async (before: AuditEntry | null) => {
    const filter = { actor: actor(), outcome: outcome(), ...(before === null ? {} : { before: before.number }) };
    const said = await readAudit(filter, PAGE);
    return isRefused(said) ? said : said.entries;
  };
  const entries = createLogReading<AuditEntry>(read, {
    size: PAGE,
    numberOf: ({ number }) => number,
    key: () => `${actor()}\n${outcome()}`,
    every: RENEWED,
  });
  const check = createReading(readAuditCheck, { every: RENEWED });
  const rows = createMemo(() =>
    (entries.told() ?? []).map(of => ({ id: String(of.number), stale: false as const, of })),
  );
  const isFiltered = () => actor() !== "" || outcome() !== "";
  return (
    <LogTable
      name="audit"
      title={t("Audit log")}
      reading={entries}
      what={t("The audit log cannot be read now")}
      rows={rows()}
      columns={AUDIT}
      sort="-at"
      total={isFiltered() ? undefined : check.told()?.entries}
      help={t(
        "Who did what, and from where: sign-ins and every change, also those that were refused. Each entry seals the one before it, so that a change of the log is noticed.",
      )}
      docs="api#the-audit-log"
      tools={
        <a class="button push" href="api/security/audit?format=jsonl&limit=10000" download="pulse-audit.jsonl">
          {t("Export")}
        </a>
      }
      note={
        <>
          <Show when={live.session()?.several}>
            <p class="panel-note muted">{t("Of what this core was asked for: each core has a log of its own.")}</p>
          </Show>
          <Show when={check.told()?.ok === false}>
            <p class="form-problem panel-note" role="alert">
              {t("Somebody has changed the log: entry {number} is not as it was written.", {
                number: check.told()?.brokenAt,
              })}
            </p>
          </Show>
        </>
      }
      filters={
        <>
          <TextField label={t("Who")} value={actor()} onValue={setActor} placeholder={t("anybody")} />
          <Field label={t("Outcome")}>
            {id => (
              <select id={id} value={outcome()} onChange={event => setOutcome(event.currentTarget.value)}>
                <option value="">{t("any")}</option>
                <option value="ok">{t("ok")}</option>
                <option value="refused">{t("refused")}</option>
                <option value="failed">{t("failed")}</option>
              </select>
            )}
          </Field>
        </>
      }
      empty={
        <EmptyState
          icon="history"
          title={isFiltered() ? t("Nothing is like that.") : t("Nothing has been done yet that is logged")}
        />
      }
    />
  );
}

interface AuditRow {
  id: string;
  stale: false;
  of: AuditEntry;
}

const text = { numeric: false, hint: null } as const;

const AUDIT: readonly Column<AuditRow>[] = [
  {
    ...text,
    key: "at",
    name: t("When"),
    numeric: true,
    width: "11.5rem",
    onPhone: "fact",
    sortBy: ({ of }) => of.number,
    cell: row => <span class="number">{formatTime(row().of.at)}</span>,
  },
  {
    ...text,
    key: "actor",
    name: t("Who"),
    width: "minmax(6rem, 1fr)",
    onPhone: "fact",
    sortBy: ({ of }) => of.actor,
    cell: row => row().of.actor ?? t("a stranger"),
  },
  {
    ...text,
    key: "address",
    name: t("From"),
    width: "minmax(7rem, 1fr)",
    onPhone: "fact",
    sortBy: ({ of }) => of.address,
    cell: row => row().of.address ?? t("this machine"),
  },
  {
    ...text,
    key: "what",
    name: t("What"),
    width: "minmax(12rem, 3fr)",
    onPhone: "title",
    sortBy: ({ of }) => actionName(of.action),
    cell: row => {
      const more = () => [row().of.target, row().of.detail].filter(Boolean).join(" · ");
      return (
        <span class="cell-line" title={`${row().of.action} ${more()}`}>
          <span class="name">{actionName(row().of.action)}</span>
          <span class="muted">{more()}</span>
        </span>
      );
    },
  },
  {
    ...text,
    key: "outcome",
    name: t("Outcome"),
    width: "6rem",
    onPhone: "corner",
    sortBy: ({ of }) => of.outcome,
    cell: row => (
      <span class={`status-word ${row().of.outcome === "ok" ? "" : "warning"}`}>{stateName(row().of.outcome)}</span>
    ),
  },
];
