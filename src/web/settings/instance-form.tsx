import { createSignal, type JSX, Match, Show, Switch } from "solid-js";
import { createStore } from "solid-js/store";
import type { InstanceInput } from "../../model/instance-input.ts";
import { type InstanceType, PRODUCTS } from "../../model/instance-settings.ts";
import { Field, TextField } from "../ui/field.tsx";
import { FormEnd, Problem } from "../ui/form-end.tsx";
import { Said } from "../words/said.tsx";
import { t, told } from "../words/words.ts";
import { type Configured, type Refused, saveInstance, type Tested, testInstance } from "./instances-api.ts";
import { SiteChoice, type Sites, usualSite } from "./site-choice.tsx";

type SignIn = "token" | "password";

interface Entered {
  type: InstanceType;
  /** Of several Pulses; "": this one watches it itself. */
  site: string;
  name: string;
  host: string;
  signIn: SignIn;
  tokenName: string;
  tokenValue: string;
  user: string;
  password: string;
  fingerprint: string;
  /** PEM */
  ca: string;
  verifySSL: boolean;
}

type Outcome =
  | { kind: "none" }
  | { kind: "busy"; does: "test" | "save" }
  | { kind: "tested"; said: Tested }
  | { kind: "refused"; said: Refused };

/** Adds an instance, or changes one. Secrets that are left empty stay as they are. */
export function InstanceForm(props: {
  before: Configured | null;
  /** Where edges watch; null: this Pulse watches itself. */
  sites: Sites | null;
  onSaved: () => void;
  onCancel: () => void;
}): JSX.Element {
  const [entered, enter] = createStore<Entered>(toEntered(props.before));
  const [outcome, setOutcome] = createSignal<Outcome>({ kind: "none" });
  const product = () => PRODUCTS[entered.type];
  const site = () => entered.site || usualSite(props.sites ?? []);
  const hasTokens = () => product().tokenSeparator !== null;
  const signIn = () => (hasTokens() ? entered.signIn : "password");
  const busy = () => outcome().kind === "busy";
  const input = () => toInput({ ...entered, site: site() }, signIn(), props.before);
  const test = async () => {
    setOutcome({ kind: "busy", does: "test" });
    const said = await testInstance(input(), props.before?.id);
    setOutcome("error" in said ? { kind: "refused", said } : { kind: "tested", said });
  };
  const trust = (fingerprint: string) => {
    enter("fingerprint", fingerprint);
    void test();
  };
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    setOutcome({ kind: "busy", does: "save" });
    const said = await saveInstance(input(), props.before?.id);
    if ("error" in said) setOutcome({ kind: "refused", said });
    else props.onSaved();
  };
  /** At a core a secret is sealed for the address and the certificate, so that nobody can have it sent elsewhere. */
  const isSealedOtherwise = () => {
    const { site, host, fingerprint, ca } = props.before ?? {};
    const before = [host, fingerprint ?? "", ca ?? ""];
    return site !== undefined && [entered.host, entered.fingerprint, entered.ca].some((one, at) => one !== before[at]);
  };
  const kept = (what: boolean | undefined) => {
    if (!what) return undefined;
    return isSealedOtherwise()
      ? t("To be entered anew: the one that is kept is sealed for the address and the certificate as they were.")
      : t("Empty: as it is");
  };
  return (
    <form
      class="form"
      onSubmit={event => void save(event)}
      aria-label={props.before ? t("Change an instance") : t("Add an instance")}
    >
      <Show when={!props.before}>
        <Field label={t("Product")}>
          {id => (
            <select
              id={id}
              value={entered.type}
              onChange={event => enter("type", event.currentTarget.value as InstanceType)}
            >
              <option value="pve">{PRODUCTS.pve.title}</option>
              <option value="pbs">{PRODUCTS.pbs.title}</option>
              <option value="pmg">{PRODUCTS.pmg.title}</option>
            </select>
          )}
        </Field>
      </Show>
      <Show when={props.sites}>
        {sites => (
          <SiteChoice
            sites={sites()}
            site={site()}
            {...(props.before ? {} : { onSite: (site: string) => enter("site", site) })}
          />
        )}
      </Show>
      <TextField
        label={t("Address")}
        value={entered.host}
        onValue={value => enter("host", value)}
        placeholder={t("192.168.1.10 or {address}", {
          address: `https://${entered.type}.example.com:${product().port}`,
        })}
        hint={entered.type === "pve" ? t("Any one node of a cluster; Pulse finds the others.") : undefined}
        required
      />
      <TextField
        label={t("Name")}
        value={entered.name}
        onValue={value => enter("name", value)}
        placeholder={t("As the address")}
      />
      <Show when={hasTokens()}>
        <Field label={t("Sign in by")}>
          {id => (
            <select
              id={id}
              value={entered.signIn}
              onChange={event => enter("signIn", event.currentTarget.value as SignIn)}
            >
              <option value="token">{t("API token")}</option>
              <option value="password">{t("User and password")}</option>
            </select>
          )}
        </Field>
      </Show>
      <Show
        when={signIn() === "token"}
        fallback={
          <>
            <TextField
              label={t("User")}
              value={entered.user}
              onValue={value => enter("user", value)}
              placeholder={`pulse@${entered.type}`}
              required
            />
            <TextField
              label={t("Password")}
              value={entered.password}
              onValue={value => enter("password", value)}
              hint={kept(props.before?.hasPassword)}
              secret
            />
          </>
        }
      >
        <TextField
          label={t("Token ID")}
          help={t(
            "A token can be revoked without changing a password: in Proxmox under Datacenter, Permissions, API Tokens. It needs the role itself, or privilege separation switched off; otherwise it sees nothing.",
          )}
          docs="troubleshooting#nodes-are-there-guests-are-not"
          value={entered.tokenName}
          onValue={value => enter("tokenName", value)}
          placeholder={`pulse@${entered.type}!monitor`}
          required
        />
        <TextField
          label={t("Secret")}
          value={entered.tokenValue}
          onValue={value => enter("tokenValue", value)}
          hint={kept(props.before?.hasToken)}
          secret
        />
      </Show>
      <TextField
        label={t("Certificate fingerprint")}
        help={t(
          "Proxmox signs its certificates itself, so that nobody vouches for them. The fingerprint says which one is right, and Pulse takes no other: test first, compare, and trust it then. Leave it empty where a known authority has signed.",
        )}
        docs="troubleshooting#a-server-cannot-be-added-or-is-offline"
        value={entered.fingerprint}
        onValue={value => enter("fingerprint", value)}
        placeholder={t("SHA-256; empty: it must be signed by an authority")}
      />
      <Show when={entered.fingerprint === ""}>
        <details class="form-more" open={entered.ca !== ""}>
          <summary>{t("Own certificate authority")}</summary>
          <Field
            label={t("Its certificates")}
            hint={t("Trusted besides those of the system. Empty: only those of the system.")}
          >
            {(id, hintId) => (
              <textarea
                id={id}
                rows={5}
                spellcheck={false}
                aria-describedby={hintId}
                placeholder="-----BEGIN CERTIFICATE-----"
                value={entered.ca}
                onInput={event => enter("ca", event.currentTarget.value)}
              />
            )}
          </Field>
        </details>
      </Show>
      <Result outcome={outcome()} type={entered.type} onTrust={trust} />
      <FormEnd send={props.before ? t("Save") : t("Add")} disabled={busy()} onCancel={() => props.onCancel()}>
        <button type="button" class="button" disabled={busy()} onClick={() => void test()}>
          {t("Test")}
        </button>
      </FormEnd>
    </form>
  );
}

const HOW_TO_COMPARE: { readonly [T in InstanceType]: string } = {
  pve: "pvenode cert info",
  pbs: "proxmox-backup-manager cert info",
  pmg: "openssl x509 -noout -fingerprint -sha256 -in /etc/pmg/pmg-api.pem",
};

function Result(props: { outcome: Outcome; type: InstanceType; onTrust: (fingerprint: string) => void }): JSX.Element {
  const refused = () => (props.outcome.kind === "refused" ? props.outcome.said : undefined);
  const tested = () => (props.outcome.kind === "tested" ? props.outcome.said : undefined);
  const untrusted = () => {
    const said = refused();
    return said?.fault === "tls" || said?.fault === "fingerprint" ? said.fingerprint : null;
  };
  return (
    <div role="status" class="form-result">
      <Switch>
        <Match when={props.outcome.kind === "busy"}>
          <p class="muted">{t("Asking the server…")}</p>
        </Match>
        <Match when={tested()}>{said => <p class="form-good">{told(said().message)}.</p>}</Match>
        <Match when={untrusted()}>
          {fingerprint => (
            <div class="notice">
              <p>
                <strong>{t("Its certificate is signed by itself.")}</strong>{" "}
                <Said
                  text={t("That is usual. Is it the right one? On the server, {command} must show this fingerprint:")}
                  parts={{ command: <code>{HOW_TO_COMPARE[props.type]}</code> }}
                />
              </p>
              <pre>{fingerprint()}</pre>
              <button type="button" class="button" onClick={() => props.onTrust(fingerprint())}>
                {t("It does: trust it")}
              </button>
            </div>
          )}
        </Match>
        <Match when={refused()}>{said => <Problem why={said().error} />}</Match>
      </Switch>
    </div>
  );
}

function toEntered(before: Configured | null): Entered {
  return {
    site: before?.site ?? "",
    type: before?.type ?? "pve",
    name: before?.name ?? "",
    host: before?.host ?? "",
    signIn: before?.hasPassword ? "password" : "token",
    tokenName: before?.tokenName ?? "",
    tokenValue: "",
    user: before?.user ?? "",
    password: "",
    fingerprint: before?.fingerprint ?? "",
    ca: before?.ca ?? "",
    verifySSL: before?.verifySSL ?? true,
  };
}

function toInput(entered: Entered, signIn: SignIn, before: Configured | null): InstanceInput {
  const { type, site, name, host, tokenName, tokenValue, user, password, ca, verifySSL } = entered;
  const fingerprint = entered.fingerprint.trim();
  return {
    type,
    ...(site === "" ? {} : { site }),
    host,
    ...(name === "" && !before ? {} : { name }),
    ...(signIn === "token" ? { tokenName, tokenValue } : { user, password }),
    fingerprint,
    ...(fingerprint === "" ? { ca: ca.trim() } : {}),
    verifySSL: verifySSL || ca.trim() !== "",
  };
}
