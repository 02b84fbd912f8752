import { createSignal, type JSX, lazy, onCleanup, Show, Suspense } from "solid-js";
import { useLive } from "../live/live.ts";
import { Icon } from "../ui/icon.tsx";
import { isKey, isWriting, KEYS, keyNames } from "../ui/keys.ts";
import { isMac } from "../ui/mac.ts";
import { t, withTexts } from "../words/words.ts";

// The first page does without them.
const Palette = lazy(withTexts(() => import("../palette/palette.tsx")));
const KeySheet = lazy(withTexts(() => import("../palette/key-sheet.tsx")));

/** The button that finds anything, and the keys that do it from anywhere. */
export function Finder(): JSX.Element {
  const [open, setOpen] = createSignal<"palette" | "keys" | null>(null);
  const live = useLive();
  const onKey = (event: KeyboardEvent) => {
    // Nothing opens over the sign-in.
    if (event.defaultPrevented || live.ended() !== null) return;
    if (isKey(event, "find")) setOpen(open() === "palette" ? null : "palette");
    else if (isKey(event, "keys") && !isWriting(event.target)) setOpen("keys");
    else return;
    event.preventDefault();
  };
  document.addEventListener("keydown", onKey);
  onCleanup(() => document.removeEventListener("keydown", onKey));
  const [combo] = KEYS.find.combos;
  return (
    <>
      <button
        type="button"
        class="finder"
        aria-haspopup="dialog"
        title={t("Find anything")}
        aria-keyshortcuts={isMac() ? "Meta+K" : "Control+K"}
        onClick={() => setOpen("palette")}
      >
        <Icon name="search" />
        <span class="finder-text">{t("Find…")}</span>
        <kbd>{keyNames(combo, isMac()).join(" ")}</kbd>
      </button>
      <Suspense>
        <Show when={open() === "palette"}>
          <Palette onClose={() => setOpen(now => (now === "palette" ? null : now))} onKeys={() => setOpen("keys")} />
        </Show>
        <Show when={open() === "keys"}>
          <KeySheet onClose={() => setOpen(null)} />
        </Show>
      </Suspense>
    </>
  );
}
