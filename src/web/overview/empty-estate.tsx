import type { JSX } from "solid-js";
import { goTo } from "../ui/url-state.ts";
import { Said } from "../words/said.tsx";
import { t } from "../words/words.ts";

const USER = `pveum user add pulse@pve
pveum acl modify / --users pulse@pve --roles PVEAuditor
pveum user token add pulse@pve monitor --privsep 0`;

/** Pulse runs, and has nothing to look at. */
export function EmptyEstate(): JSX.Element {
  return (
    <section class="empty-estate">
      <h1>{t("Nothing to watch yet")}</h1>
      <p>{t("Pulse needs a user that may look and nothing else. On one node of your Proxmox VE, type:")}</p>
      <pre>{USER}</pre>
      <p>{t("The last line prints the secret of a token. With that, tell Pulse where to look:")}</p>
      <p>
        <a
          class="button primary"
          href="./?page=settings"
          onClick={event => {
            event.preventDefault();
            goTo("?page=settings");
          }}
        >
          {t("Add an instance")}
        </a>{" "}
        <a
          class="button"
          href="./?page=settings&section=docker"
          onClick={event => {
            event.preventDefault();
            goTo("?page=settings&section=docker");
          }}
        >
          {t("Add a Docker host")}
        </a>
      </p>
      <p class="muted">
        <Said
          text={t(
            "Or write it into {file} in the data folder. To look around first, {command} shows a made-up estate.",
          )}
          parts={{ file: <code>pulse.yaml</code>, command: <code>npm run demo</code> }}
        />
      </p>
    </section>
  );
}
