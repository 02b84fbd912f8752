import { createSignal, For, type JSX, Show } from "solid-js";
import type { AnswerOf, BodyOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import { ask, isRefused } from "../live/ask.ts";
import { createReading } from "../live/reading.ts";
import { Field, TextField } from "../ui/field.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { t } from "../words/words.ts";
import { ROLE_NAMES } from "./role-names.ts";

type Settings = AnswerOf<Routes["oidcSettings"]>;
type Input = BodyOf<Routes["changeOidc"]>;

/** Sign-in at an identity provider: where it is, and whom of its people to let in. */
export function OidcPanel(): JSX.Element {
  const settings = createReading<Settings>(() => ask("GET", "api/security/oidc"));
  const [open, setOpen] = createSignal(false);
  return (
    <Panel
      id="oidc"
      help={t(
        "People sign in with the account that they have elsewhere: at Keycloak, Authentik, Entra, Google or another provider of OpenID Connect. Passwords go on working beside it; keep one for the day on which the provider is down.",
      )}
      docs="oidc#what-to-fill-in"
      title={t("Identity provider")}
      count={settings.told() ? (settings.told()?.enabled ? t("on") : t("off")) : ""}
      tools={
        <Show when={settings.told() && !open()}>
          <button type="button" class="button push" onClick={() => setOpen(true)}>
            {t("Change")}
          </button>
        </Show>
      }
    >
      <Loaded reading={settings} what={t("What is set up of the identity provider cannot be read now")} lines={2}>
        {known => (
          <Show when={open()} fallback={<p class="nothing">{summaryOf(known())}</p>}>
            <OidcForm
              before={known()}
              onSaved={saved => {
                settings.put(saved);
                setOpen(false);
              }}
              onCancel={() => setOpen(false)}
            />
          </Show>
        )}
      </Loaded>
    </Panel>
  );
}

function summaryOf({ enabled, issuerUrl }: Settings): string {
  return enabled
    ? t("People sign in at {issuer}.", { issuer: issuerUrl })
    : t("People sign in here, with the accounts above (OpenID Connect is off).");
}

const words = (text: string) => text.split(/[\s,]+/).filter(word => word !== "");

function OidcForm(props: {
  before: Settings;
  onSaved: (settings: Settings) => void;
  onCancel: () => void;
}): JSX.Element {
  const { before } = props;
  const [entered, setEntered] = createSignal({
    enabled: before.enabled,
    issuerUrl: before.issuerUrl,
    clientId: before.clientId,
    clientSecret: "",
    groups: before.allowedGroups.join(", "),
    domains: before.allowedDomains.join(", "),
    emails: before.allowedEmails.join(", "),
    role: before.defaultRole,
  });
  const [problem, setProblem] = createSignal<string | null>(null);
  const enter = <K extends keyof ReturnType<typeof entered>>(field: K, value: ReturnType<typeof entered>[K]) =>
    setEntered(all => ({ ...all, [field]: value }));
  const isFixed = (field: string) => before.envOverrides[field] === true;
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const { enabled, issuerUrl, clientId, clientSecret, groups, domains, emails, role } = entered();
    const input: Input = {
      enabled,
      issuerUrl,
      clientId,
      clientSecret,
      allowedGroups: words(groups),
      allowedDomains: words(domains),
      allowedEmails: words(emails),
      defaultRole: role,
    };
    const own = Object.fromEntries(Object.entries(input).filter(([field]) => !isFixed(field)));
    const said = await ask<Settings>("PUT", "api/security/oidc", own);
    if (isRefused(said)) setProblem(said.error);
    else props.onSaved(said);
  };
  return (
    <form class="form" onSubmit={event => void send(event)} aria-label={t("Identity provider")}>
      <Show when={Object.values(before.envOverrides).some(Boolean)}>
        <p class="muted">
          {t("The environment sets {names}; that cannot be changed here.", {
            names: Object.keys(before.envOverrides).join(", "),
          })}
        </p>
      </Show>
      <label class="check">
        <input
          type="checkbox"
          checked={entered().enabled}
          onChange={event => enter("enabled", event.currentTarget.checked)}
        />
        {t("Let people sign in at the identity provider")}
      </label>
      <TextField
        label={t("Issuer")}
        help={t(
          "Exactly as the provider calls itself, with the slash at its end if it has one: what it signs says so, and is compared to the letter.",
        )}
        docs="oidc#providers"
        value={entered().issuerUrl}
        onValue={value => enter("issuerUrl", value)}
        placeholder="https://login.example.com/realms/main"
      />
      <TextField label={t("Client ID")} value={entered().clientId} onValue={value => enter("clientId", value)} />
      <TextField
        label={t("Client secret")}
        value={entered().clientSecret}
        onValue={value => enter("clientSecret", value)}
        hint={before.clientSecretSet ? t("Empty: as it is") : undefined}
        secret
      />
      <p class="muted">
        {t("Enter this as the redirect address at the provider:")}{" "}
        <code>{before.redirectUrl || before.defaultRedirect}</code>
      </p>
      <TextField
        label={t("Groups that get in")}
        help={t(
          "Being in one of them is enough. With no groups, domains and addresses named, everybody whom the provider knows gets in: at Google that is everybody.",
        )}
        docs="oidc#who-gets-in-and-as-what"
        value={entered().groups}
        onValue={value => enter("groups", value)}
        placeholder={t("any")}
      />
      <TextField
        label={t("E-mail domains that get in")}
        value={entered().domains}
        onValue={value => enter("domains", value)}
        placeholder={t("any")}
      />
      <TextField
        label={t("E-mail addresses that get in")}
        value={entered().emails}
        onValue={value => enter("emails", value)}
        placeholder={t("any")}
      />
      <Field
        label={t("What they may")}
        help={t("Of everybody whom no group gives another role; OIDC_GROUP_ROLES does that. A viewer is usual.")}
        docs="oidc#who-gets-in-and-as-what"
      >
        {id => (
          <select
            id={id}
            value={entered().role}
            onChange={event => enter("role", event.currentTarget.value as Settings["defaultRole"])}
          >
            <For each={Object.entries(ROLE_NAMES)}>{([role, name]) => <option value={role}>{name}</option>}</For>
          </select>
        )}
      </Field>
      <FormEnd problem={problem()} send={t("Save")} onCancel={() => props.onCancel()} />
    </form>
  );
}
