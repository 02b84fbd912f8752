import { type JSX, Show } from "solid-js";
import { useLive } from "../live/live.ts";
import { PageLink } from "../ui/page-link.tsx";
import { Said } from "../words/said.tsx";
import { t } from "../words/words.ts";

const USER = `pveum user add pulse@pve
pveum acl modify / --users pulse@pve --roles PVEAuditor
pveum user token add pulse@pve monitor --privsep 0`;

/** Pulse runs, and has nothing to look at. Who may change that is told how; others, who can. */
export function EmptyEstate(): JSX.Element {
  const live = useLive();
  const may = () => live.session()?.may.includes("admin") ?? true;
  return (
    <section class="empty-estate">
      <h1>{t("Nothing to watch yet")}</h1>
      <Show
        when={may()}
        fallback={<p>{t("An administrator of this Pulse can add servers to watch. They show here within seconds.")}</p>}
      >
        <p>{t("Pulse needs a user that may look and nothing else. On one node of your Proxmox VE, type:")}</p>
        <pre>{USER}</pre>
        <p>
          {t(
            "The last line prints the secret of a token. With that, tell Pulse where to look. Or let one command on the server do all of it: the settings make it.",
          )}
        </p>
        <p>
          <PageLink class="button primary" href="?page=settings">
            {t("Add an instance")}
          </PageLink>{" "}
          <PageLink class="button" href="?page=settings&section=docker">
            {t("Add a Docker host")}
          </PageLink>
        </p>
        <p class="muted">
          <Said
            text={t(
              "Or write it into {file} in the data folder. To look around first, {command} shows a made-up estate.",
            )}
            parts={{ file: <code>pulse.yaml</code>, command: <code>npm run demo</code> }}
          />
        </p>
      </Show>
    </section>
  );
}
