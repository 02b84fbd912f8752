import { For, type JSX, Show } from "solid-js";
import type { Check, CheckName } from "../../model/alert-config.ts";
import { NumberField } from "../ui/number-field.tsx";
import { Panel } from "../ui/panel.tsx";
import { t } from "../words/words.ts";
import type { Path } from "./config-draft.ts";
import { useDraft } from "./draft-context.tsx";
import { LockMark } from "./lock-mark.tsx";
import { CHECK_GROUPS } from "./threshold-specs.ts";
import { levelName, SIGNALS } from "./words.ts";

/** The signals that are so or not: whether they count, how badly, and how long they must be so. */
export function ChecksPanel(): JSX.Element {
  return (
    <For each={CHECK_GROUPS}>
      {([title, checks]) => (
        <Panel id={`checks-${title.toLowerCase().replaceAll(" ", "-")}`} title={title}>
          <div class="check-rows">
            <For each={checks}>{name => <CheckRow name={name} path={["checks", name]} />}</For>
          </div>
        </Panel>
      )}
    </For>
  );
}

/** One check. In an override what is not its own is as inherited. */
export function CheckRow(props: { name: CheckName; path: Path; inherited?: Check }): JSX.Element {
  const draft = useDraft();
  const own = () => (draft.get(props.path) ?? {}) as Partial<Check>;
  const enabled = () => own().enabled ?? props.inherited?.enabled ?? false;
  const [name, meaning] = SIGNALS[props.name];
  const levelText = (level: Check["level"]) => (level ? levelName(level) : t("as bad as it says"));
  const level = () => {
    const { level: chosen } = own();
    return chosen === undefined && props.inherited ? "inherited" : (chosen ?? "");
  };
  return (
    <div class="check-row" classList={{ changed: draft.isChanged(props.path), off: !enabled() }}>
      <label class="check">
        <input
          type="checkbox"
          checked={enabled()}
          disabled={!draft.mayEdit([...props.path, "enabled"])}
          onChange={event => draft.set([...props.path, "enabled"], event.currentTarget.checked)}
        />
        <span>
          {name}
          <Show when={draft.isChanged(props.path)}>
            {" "}
            <span class="tag changed-mark">{t("changed")}</span>
          </Show>
          <For each={["enabled", "level", "hold"].filter(field => draft.lockedBy([...props.path, field])).slice(0, 1)}>
            {field => (
              <>
                {" "}
                <LockMark path={[...props.path, field]} />
              </>
            )}
          </For>
          <span class="hint">{meaning}</span>
        </span>
      </label>
      <select
        aria-label={t("{name}: level", { name })}
        value={level()}
        disabled={!draft.mayEdit([...props.path, "level"]) || !enabled()}
        onChange={event => {
          const chosen = event.currentTarget.value;
          draft.set([...props.path, "level"], chosen === "inherited" ? undefined : chosen === "" ? null : chosen);
        }}
      >
        <Show when={props.inherited}>
          {inherited => (
            <option value="inherited">
              {t("As inherited: {levelText}", { levelText: levelText(inherited().level) })}
            </option>
          )}
        </Show>
        <option value="">{t("As bad as it says")}</option>
        <option value="warning">{t("Warning")}</option>
        <option value="critical">{t("Critical")}</option>
      </select>
      <NumberField
        label={t("{name}: held for", { name })}
        value={own().hold ?? null}
        placeholder={String(props.inherited?.hold ?? 0)}
        unit="s"
        problem={draft.problemAt([...props.path, "hold"]) ?? draft.problemAt([...props.path, "level"])}
        disabled={!draft.mayEdit([...props.path, "hold"]) || !enabled()}
        onValue={value => draft.set([...props.path, "hold"], value ?? (props.inherited ? undefined : 0))}
      />
    </div>
  );
}
