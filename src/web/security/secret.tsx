import { createSignal, type JSX } from "solid-js";
import { t } from "../words/words.ts";

/** A text that is told once, with a way to take it along. */
export function Secret(props: { label: string; text: string }): JSX.Element {
  const [copied, setCopied] = createSignal(false);
  const copy = async () => {
    // Without TLS a browser has no clipboard: the text can be selected.
    await navigator.clipboard?.writeText(props.text);
    setCopied(navigator.clipboard !== undefined);
  };
  return (
    <div class="notice" role="status">
      <p>
        <strong>{props.label}.</strong> {t("It is shown this once: keep it somewhere safe.")}
      </p>
      <pre class="secret">{props.text}</pre>
      <button type="button" class="button" onClick={() => void copy()}>
        {copied() ? t("Copied") : t("Copy")}
      </button>
    </div>
  );
}
