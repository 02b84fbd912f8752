import { type JSX, Show } from "solid-js";
import type { AlertConfiguration } from "../../contract/alert-routes.ts";
import { Said } from "../words/said.tsx";
import { t } from "../words/words.ts";
import type { Path } from "./config-draft.ts";
import { useDraft } from "./draft-context.tsx";

/** Says what sets what stands at `path`, where that is not this page. */
export function LockMark(props: { path: Path }): JSX.Element {
  const draft = useDraft();
  return (
    <Show when={draft.lockedBy(props.path)}>
      {by => (
        <span class="tag lock-mark" title={t("Set in {by}, and changed there", { by: by() })}>
          {t("set in {by}", { by: by() })}
        </span>
      )}
    </Show>
  );
}

/** At the top of what can be changed but for what is set elsewhere. `within`: only such. */
export function LockNotice(props: { config: AlertConfiguration; within?: string }): JSX.Element {
  const by = () => {
    const locks = Object.entries(props.config.lockedBy ?? {});
    return locks.find(([path]) => props.within === undefined || path.startsWith(`${props.within}.`))?.[1] ?? null;
  };
  return (
    <Show when={by()}>
      {file => (
        <p class="notice">
          <span>
            <Said
              text={t("Some of this is set in {file}: it is marked, and changed in the file.")}
              parts={{ file: <strong>{file()}</strong> }}
            />
          </span>
        </p>
      )}
    </Show>
  );
}
