import { type JSX, Show } from "solid-js";
import { useLive } from "../live/live.ts";
import { Dialog } from "../ui/dialog.tsx";
import { mayLeave } from "../ui/url-state.ts";
import { t } from "../words/words.ts";
import { SignIn } from "./sign-in.tsx";

/** Before the page as it is, when the session has ended: who signs in goes on with what they have typed. What is behind cannot be read. */
export function SignInAgain(): JSX.Element {
  const live = useLive();
  return (
    <Dialog class="sign-in-again" label={t("Sign in")}>
      <SignIn isBeforePage />
      <Show when={live.door()?.may.includes("read")}>
        <button type="button" class="button quiet" onClick={() => mayLeave() && live.goOn()}>
          {t("Go on without signing in")}
        </button>
      </Show>
    </Dialog>
  );
}
