import { createEffect, createResource, createSignal, For, type JSX, on, onCleanup, Show } from "solid-js";
import { MINUTE } from "../../kit/units.ts";
import { formatTime } from "../format/format.ts";
import { Field, TextField } from "../ui/field.tsx";
import { Panel } from "../ui/panel.tsx";
import { ScrollTable } from "../ui/scroll-table.tsx";
import { stateName } from "../words/states.ts";
import { t } from "../words/words.ts";
import { actionName } from "./action-names.ts";
import { type AuditEntry, readAudit, readAuditCheck } from "./security-api.ts";

/** What was done, by whom and from where; the newest first. */
export function AuditPanel(): JSX.Element {
  const [actor, setActor] = createSignal("");
  const [outcome, setOutcome] = createSignal("");
  const [older, setOlder] = createSignal<AuditEntry[]>([]);
  const [newest, { refetch }] = createResource(() => ({ actor: actor(), outcome: outcome() }), readAudit);
  const [check, { refetch: checkAgain }] = createResource(readAuditCheck);
  createEffect(on([actor, outcome], () => setOlder([])));
  const timer = setInterval(() => {
    void refetch();
    void checkAgain();
  }, MINUTE / 6);
  onCleanup(() => clearInterval(timer));
  const entries = () => {
    const first = newest.latest?.entries ?? [];
    const last = first.at(-1)?.number ?? Number.POSITIVE_INFINITY;
    return [...first, ...older().filter(({ number }) => number < last)];
  };
  const more = async () => {
    const last = entries().at(-1);
    if (!last) return;
    const next = await readAudit({ actor: actor(), outcome: outcome(), before: last.number });
    setOlder([...older(), ...(next?.entries ?? [])]);
  };
  return (
    <Panel
      id="audit"
      title={t("Audit log")}
      count={check.latest ? String(check.latest.entries) : ""}
      tools={
        <a class="button push" href="api/security/audit?format=jsonl&limit=10000" download="pulse-audit.jsonl">
          {t("Export")}
        </a>
      }
    >
      <Show when={check.latest?.ok === false}>
        <p class="form-problem">
          {t("Somebody has changed the log: entry {number} is not as it was written.", {
            number: check.latest?.brokenAt,
          })}
        </p>
      </Show>
      <div class="form audit-filter">
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
      </div>
      <ScrollTable caption={t("Audit log")} class="wide-table audit">
        <thead>
          <tr>
            <th scope="col">{t("When")}</th>
            <th scope="col">{t("Who")}</th>
            <th scope="col">{t("From")}</th>
            <th scope="col">{t("What")}</th>
            <th scope="col">{t("Outcome")}</th>
          </tr>
        </thead>
        <tbody>
          <For
            each={entries()}
            fallback={
              <tr>
                <td colSpan={5}>{t("Nothing is like that.")}</td>
              </tr>
            }
          >
            {entry => (
              <tr>
                <th scope="row" class="number">
                  {formatTime(entry.at)}
                </th>
                <td>{entry.actor ?? t("a stranger")}</td>
                <td>{entry.address ?? t("this machine")}</td>
                <td>
                  <span title={entry.action}>{actionName(entry.action)}</span>
                  <Show when={entry.target}>{target => <span class="muted"> {target()}</span>}</Show>
                  <Show when={entry.detail}>{detail => <span class="muted"> · {detail()}</span>}</Show>
                </td>
                <td>
                  <span class={`status-word ${entry.outcome === "ok" ? "" : "warning"}`}>
                    {stateName(entry.outcome)}
                  </span>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </ScrollTable>
      <Show when={(entries().at(-1)?.number ?? 1) > 1}>
        <p>
          <button type="button" class="button quiet" onClick={() => void more()}>
            {t("Show older ones")}
          </button>
        </p>
      </Show>
    </Panel>
  );
}
