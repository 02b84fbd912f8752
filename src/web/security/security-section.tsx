import { createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import { DAY, type Instant } from "../../kit/units.ts";
import { formatAgo, formatExpiry, formatTime } from "../format/format.ts";
import { isRefused } from "../live/ask.ts";
import { kioskLink } from "../live/kiosk.ts";
import { useLive } from "../live/live.ts";
import { createReading, type Reading } from "../live/reading.ts";
import { ById } from "../ui/by-id.tsx";
import { Field, TextField } from "../ui/field.tsx";
import { FormEnd, Problem } from "../ui/form-end.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { t } from "../words/words.ts";
import { AskingButton } from "./asking.tsx";
import { AuditPanel } from "./audit-panel.tsx";
import { OidcPanel } from "./oidc-panel.tsx";
import { OwnAccount } from "./own-account.tsx";
import { Posture } from "./posture.tsx";
import { ROLE_NAMES } from "./role-names.ts";
import { Secret } from "./secret.tsx";
import {
  addUser,
  createToken,
  endSession,
  readSessions,
  readTokens,
  readUsers,
  removeUser,
  revokeToken,
  type Session,
  type Token,
  type User,
  updateUser,
} from "./security-api.ts";
import { SetupWizard } from "./setup-wizard.tsx";

/** Who gets in: accounts, sessions, tokens, what was done, and how this server stands. */
export function SecuritySection(): JSX.Element {
  const live = useLive();
  const may = () => live.session()?.may.includes("admin") ?? false;
  const name = () => live.session()?.name ?? null;
  const users = createReading<User[]>(async () => (may() ? readUsers() : null), { key: () => `${name()} ${may()}` });
  const own = () => users.told()?.find(user => user.name === name()) ?? null;
  const isSetUp = () => live.session()?.signIn !== "none";
  return (
    <>
      <Posture />
      <Switch>
        <Match when={!isSetUp()}>
          <section class="panel">
            <SetupWizard />
          </section>
        </Match>
        <Match when={name() !== null && live.session()?.signIn === "password"}>
          <OwnAccount name={name() ?? ""} secondFactor={own()?.secondFactor ?? null} onChanged={users.again} />
        </Match>
      </Switch>
      <Show when={isSetUp()}>
        <SessionsPanel />
      </Show>
      <Show when={may()}>
        <UsersPanel users={users} />
        <TokensPanel />
        <OidcPanel />
        <AuditPanel />
      </Show>
    </>
  );
}

/** "": nobody knows. */
function countOf(reading: Pick<Reading<readonly unknown[]>, "told">): string {
  return String(reading.told()?.length ?? "");
}

function SessionsPanel(): JSX.Element {
  const live = useLive();
  const sessions = createReading<Session[]>(readSessions);
  return (
    <Panel
      id="sessions"
      help={t(
        "A session lasts 24 hours, or 30 days for who chose to stay signed in. One that you end here has to sign in again; a token is no session, and is revoked below.",
      )}
      docs="configuration#who-gets-in"
      title={t("Sessions")}
      count={countOf(sessions)}
    >
      <Loaded reading={sessions} what={t("The sessions cannot be read now")} lines={3} kind="table">
        {known => (
          <ul class="instances">
            <For each={known()} fallback={<li class="nothing">{t("Nobody has signed in here.")}</li>}>
              {session => (
                <li class="instance">
                  <div class="instance-text">
                    <strong>{session.user}</strong>{" "}
                    <span class="muted">{t("from {address}", { address: session.address })}</span>
                    <Show when={session.current}>
                      {" "}
                      <span class="tag">{t("this one")}</span>
                    </Show>
                    <p class="muted">
                      {t("{browser} · since {time}, used {ago}", {
                        browser: browserOf(session.userAgent),
                        time: formatTime(session.started),
                        ago: formatAgo(session.seen, live.now()),
                      })}
                    </p>
                  </div>
                  <Show when={!session.current}>
                    <AskingButton
                      label={t("End now")}
                      question={t("Sign it out?")}
                      confirm={t("End now")}
                      does={() => endSession(session.id)}
                      onDone={sessions.again}
                    />
                  </Show>
                </li>
              )}
            </For>
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

/** "Firefox on Linux", as far as the browser tells; nobody reads the rest. */
function browserOf(agent: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1];
  if (!browser) return agent.split(/[\s/]/)[0] || t("unknown client");
  const name = { Edg: "Edge", OPR: "Opera" }[browser] ?? browser;
  return system ? t("{name} on {system}", { name, system }) : name;
}

const ROLES: { readonly [R in User["role"]]: string } = {
  admin: t("Administrator: everything"),
  operator: t("Operator: looks, and changes what Pulse does"),
  viewer: t("Viewer: looks"),
};

function UsersPanel(props: { users: Reading<User[]> }): JSX.Element {
  const [adding, setAdding] = createSignal(false);
  return (
    <Panel
      id="users"
      help={t(
        "A viewer looks. An operator also acknowledges, silences, and changes thresholds and schedules. An administrator also changes channels, instances, users and the system. Give everybody an account of their own: the audit log tells who did what.",
      )}
      docs="configuration#who-gets-in"
      title={t("Users")}
      count={countOf(props.users)}
      tools={
        <Show when={!adding()}>
          <button type="button" class="button push" onClick={() => setAdding(true)}>
            {t("Add a user")}
          </button>
        </Show>
      }
    >
      <Show when={adding()}>
        <NewUser
          onDone={() => {
            setAdding(false);
            props.users.again();
          }}
          onCancel={() => setAdding(false)}
        />
      </Show>
      <Loaded reading={props.users} what={t("The users cannot be read now")} lines={3} kind="table">
        {known => (
          <ul class="instances">
            <ById each={known()} idOf={user => user.name}>
              {user => <UserLine user={user()} onChanged={props.users.again} />}
            </ById>
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

function UserLine(props: { user: User; onChanged: () => void }): JSX.Element {
  const [problem, setProblem] = createSignal<string | null>(null);
  const change = async (role: User["role"]) => {
    const said = await updateUser(props.user.name, { role });
    setProblem(isRefused(said) ? said.error : null);
    props.onChanged();
  };
  return (
    <li class="instance">
      <div class="instance-text">
        <strong>{props.user.name}</strong>{" "}
        <Show when={props.user.secondFactor}>
          <span class="tag">{t("second factor")}</span>
        </Show>
        <Show when={props.user.fromEnvironment}>
          <span class="tag">{t("set by the configuration")}</span>
        </Show>
        <Problem why={problem()} />
      </div>
      <select
        aria-label={t("Role of {name}", { name: props.user.name })}
        value={props.user.role}
        onChange={event => void change(event.currentTarget.value as User["role"])}
      >
        <For each={Object.entries(ROLE_NAMES)}>{([role, name]) => <option value={role}>{name}</option>}</For>
      </select>
      <Show when={!props.user.fromEnvironment}>
        <AskingButton
          label={t("Remove")}
          question={t("Remove the account?")}
          confirm={t("Remove")}
          does={() => removeUser(props.user.name)}
          onDone={props.onChanged}
        />
      </Show>
    </li>
  );
}

function NewUser(props: { onDone: () => void; onCancel: () => void }): JSX.Element {
  const [name, setName] = createSignal("");
  const [password, setPassword] = createSignal("");
  const [role, setRole] = createSignal<User["role"]>("viewer");
  const [problem, setProblem] = createSignal<string | null>(null);
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const said = await addUser({ name: name(), password: password(), role: role() });
    if (isRefused(said)) setProblem(said.error);
    else props.onDone();
  };
  return (
    <form class="form" onSubmit={event => void send(event)} aria-label={t("Add a user")}>
      <TextField label={t("Name")} value={name()} onValue={setName} required />
      <TextField
        label={t("Password")}
        value={password()}
        onValue={setPassword}
        hint={t("At least 8 characters.")}
        secret
        required
      />
      <Field label={t("Role")}>
        {id => (
          <select id={id} value={role()} onChange={event => setRole(event.currentTarget.value as User["role"])}>
            <For each={Object.entries(ROLES)}>{([key, text]) => <option value={key}>{text}</option>}</For>
          </select>
        )}
      </Field>
      <FormEnd problem={problem()} send={t("Add")} onCancel={() => props.onCancel()} />
    </form>
  );
}

const SCOPES: { readonly [S in Token["scopes"][number]]: string } = {
  read: t("Look: dashboards, scripts, Prometheus"),
  agent: t("Report: Docker agents"),
  write: t("Look, and change what Pulse does"),
  admin: t("Everything"),
  wall: t("See the wall: a screen that nobody signs in at"),
};
const LIFETIMES: readonly [days: number, text: string][] = [
  [0, t("never")],
  [30, t("in 30 days")],
  [365, t("in a year")],
];

function tokenText({ fromEnvironment, created, used, expires }: Token, now: Instant): string {
  const parts = [
    fromEnvironment ? t("set by the environment") : t("made {time}", { time: formatTime(created ?? 0) }),
    used === null ? t("never used") : t("used {ago}", { ago: formatAgo(used, now) }),
    expires === null ? "" : formatExpiry(expires, now),
  ];
  return parts.filter(Boolean).join(", ");
}

function TokensPanel(): JSX.Element {
  const live = useLive();
  const tokens = createReading<Token[]>(readTokens);
  const [making, setMaking] = createSignal(false);
  const [made, setMade] = createSignal<{ label: string; text: string } | null>(null);
  return (
    <Panel
      id="tokens"
      title={t("API tokens")}
      help={t(
        "A token is shown once; Pulse keeps only its hash. What it may is chosen when it is made. That of a screen on a wall sees what the wall shows and nothing else. Revoked, it ends at once.",
      )}
      docs="configuration#who-gets-in"
      count={countOf(tokens)}
      tools={
        <>
          <a class="button quiet" href="api/docs" target="_blank" rel="noopener">
            {t("The API")}
          </a>
          <Show when={!making()}>
            <button type="button" class="button push" onClick={() => setMaking(true)}>
              {t("Make a token")}
            </button>
          </Show>
        </>
      }
    >
      <Show when={made()}>{one => <Secret label={one().label} text={one().text} />}</Show>
      <Show when={making()}>
        <NewToken
          onMade={(token, scope) => {
            setMaking(false);
            setMade(
              scope === "wall"
                ? { label: t("The link for the screen"), text: kioskLink(token) }
                : { label: t("The new token"), text: token },
            );
            tokens.again();
          }}
          onCancel={() => setMaking(false)}
        />
      </Show>
      <Loaded reading={tokens} what={t("The tokens cannot be read now")} lines={3} kind="table">
        {known => (
          <ul class="instances">
            <For each={known()} fallback={<li class="nothing">{t("There is no API token.")}</li>}>
              {token => (
                <li class="instance">
                  <div class="instance-text">
                    <strong>{token.name}</strong>{" "}
                    <For each={token.scopes}>{scope => <span class="tag">{scope}</span>}</For>
                    <p class="muted">{tokenText(token, live.now())}</p>
                  </div>
                  <AskingButton
                    label={t("Revoke")}
                    question={t("What uses it gets in no more.")}
                    confirm={t("Revoke")}
                    does={() => revokeToken(token.id)}
                    onDone={tokens.again}
                  />
                </li>
              )}
            </For>
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

function NewToken(props: {
  onMade: (token: string, scope: Token["scopes"][number]) => void;
  onCancel: () => void;
}): JSX.Element {
  const [name, setName] = createSignal("");
  const [scope, setScope] = createSignal<Token["scopes"][number]>("read");
  const [days, setDays] = createSignal(0);
  const [problem, setProblem] = createSignal<string | null>(null);
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const expires = days() === 0 ? null : Date.now() + days() * DAY;
    const said = await createToken({ name: name(), scopes: [scope()], expires });
    if (isRefused(said)) setProblem(said.error);
    else props.onMade(said.token, scope());
  };
  return (
    <form class="form" onSubmit={event => void send(event)} aria-label={t("Make a token")}>
      <TextField label={t("What it is for")} value={name()} onValue={setName} placeholder="Grafana" required />
      <Field
        label={t("It may")}
        help={t(
          "The least that it needs, and a token of its own for each thing: revoked, it stops nothing else. Prometheus and dashboards look, agents report, a screen on a wall sees the wall and nothing else.",
        )}
        docs="page#a-screen-on-the-wall"
      >
        {id => (
          <select
            id={id}
            value={scope()}
            onChange={event => setScope(event.currentTarget.value as Token["scopes"][number])}
          >
            <For each={Object.entries(SCOPES)}>{([key, text]) => <option value={key}>{text}</option>}</For>
          </select>
        )}
      </Field>
      <Field label={t("It expires")}>
        {id => (
          <select id={id} value={String(days())} onChange={event => setDays(Number(event.currentTarget.value))}>
            <For each={LIFETIMES}>{([count, text]) => <option value={String(count)}>{text}</option>}</For>
          </select>
        )}
      </Field>
      <FormEnd problem={problem()} send={t("Make")} onCancel={() => props.onCancel()} />
    </form>
  );
}
