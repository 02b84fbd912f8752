import { LANGUAGES, THEMES } from "../../model/user-settings.ts";
import { alertsOf } from "../alerts/active.ts";
import { acknowledge } from "../alerts/alert-api.ts";
import { testChannels } from "../alerts/notify-api.ts";
import { signOutUnlessUnsaved } from "../header/sign-out.ts";
import { isRefused } from "../live/ask.ts";
import { installer } from "../live/install.ts";
import type { Live } from "../live/live.ts";
import { prefer } from "../live/preferences.ts";
import { makeBackup } from "../settings/backup-api.ts";
import { docsHref } from "../ui/docs-link.tsx";
import { DENSITIES, setAllDensities } from "../ui/table-state.ts";
import { THEME_NAMES } from "../ui/theme.ts";
import { languageName, plural, t } from "../words/words.ts";
import { type Deed, type Entry, toEntry } from "./entries.ts";

/** What can be done from anywhere, as far as the reader may. `showKeys` shows the list of keys. */
export function actionsFor(live: Live, showKeys: () => void): Entry[] {
  const may = live.session()?.may ?? [];
  const action = (id: string, name: string, run: Extract<Deed, { kind: "do" }>["run"], also = ""): Entry =>
    toEntry({ id: `do ${id}`, icon: "check", name, hint: t("action"), also, deed: { kind: "do", run } });
  const go = (id: string, name: string, search: string, also = ""): Entry =>
    toEntry({ id: `do ${id}`, icon: "check", name, hint: t("action"), also, deed: { kind: "go", search } });
  const install = installer();
  const toAcknowledge = alertsOf(live.picture()).filter(({ acknowledged, cause }) => !acknowledged && cause === null);
  return [
    ...(may.includes("write") && toAcknowledge.length > 0
      ? [
          action(
            "acknowledge",
            t("Acknowledge what is open ({alerts})", { alerts: plural(toAcknowledge.length, "alert") }),
            () => acknowledgeAll(toAcknowledge.map(({ id }) => id)),
          ),
        ]
      : []),
    ...(may.includes("write")
      ? [go("silence", t("Silences and quiet hours"), "?page=alerts&tab=schedule", "mute")]
      : []),
    ...(may.includes("admin")
      ? [
          action("test", t("Send a test notification"), sendTest),
          action("backup", t("Back up Pulse now"), backUp),
          go("add", t("Add an instance"), "?page=settings", "new"),
          go("updates", t("Look for updates"), "?page=settings&section=updates"),
        ]
      : []),
    ...THEMES.map(theme =>
      action(
        `theme ${theme}`,
        t("Colours: {name}", { name: THEME_NAMES[theme] }),
        () => {
          prefer({ theme });
          return null;
        },
        "theme",
      ),
    ),
    ...DENSITIES.map(({ density, name }) =>
      action(
        `density ${density}`,
        t("Rows of the tables on this page: {name}", { name }),
        () => {
          setAllDensities(density);
          return null;
        },
        "density",
      ),
    ),
    ...LANGUAGES.map(language =>
      action(
        `language ${language}`,
        t("Language: {name}", { name: languageName(language) }),
        async () => {
          await prefer({ language });
          location.reload();
          return null;
        },
        language,
      ),
    ),
    go("wall", t("Show the wall, for a screen that many see"), "?page=wall", "kiosk fullscreen dashboard"),
    action(
      "documentation",
      t("Documentation"),
      () => {
        open(docsHref("index"), "_blank", "noopener");
        return null;
      },
      "help manual handbook docs",
    ),
    action("copy", t("Copy a link to what is shown"), copyLink, "share url"),
    ...(install ? [action("install", t("Install Pulse as an app"), () => install().then(() => null), "pwa")] : []),
    action(
      "keys",
      t("Show the keys"),
      () => {
        showKeys();
        return null;
      },
      "keyboard shortcuts help",
    ),
    ...(live.session()?.signIn === "password" && live.session()?.name
      ? [
          action(
            "sign-out",
            t("Sign out"),
            async () => {
              await signOutUnlessUnsaved(live);
              return null;
            },
            "log out",
          ),
        ]
      : []),
  ];
}

async function acknowledgeAll(ids: readonly string[]): Promise<string> {
  const problem = await acknowledge(ids);
  return problem ?? t("{alerts} acknowledged", { alerts: plural(ids.length, "alert") });
}

async function sendTest(): Promise<string> {
  const { results, error } = await testChannels();
  if (results.length === 0) return error ?? t("There is no channel to test: Alerts → Destinations");
  const failed = results.filter(({ success }) => !success);
  return failed.length === 0
    ? t("Sent by {channels}", { channels: plural(results.length, "channel") })
    : t("{failed} of {results} failed: Alerts → Destinations tells why", {
        failed: failed.length,
        results: plural(results.length, "channel"),
      });
}

async function backUp(): Promise<string> {
  const made = await makeBackup();
  if (isRefused(made)) return made.error;
  return t("Backed up: {name}", { name: made.name });
}

async function copyLink(): Promise<string> {
  try {
    await navigator.clipboard.writeText(location.href);
    return t("Copied");
  } catch {
    // Without TLS a browser has no clipboard.
    return location.href;
  }
}
