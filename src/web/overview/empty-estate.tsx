import type { JSX } from "solid-js";
import { goTo } from "../ui/url-state.ts";

const USER = `pveum user add pulse@pve
pveum acl modify / --users pulse@pve --roles PVEAuditor
pveum user token add pulse@pve monitor --privsep 0`;

/** Pulse runs, and has nothing to look at. */
export function EmptyEstate(): JSX.Element {
  return (
    <section class="empty-estate">
      <h1>Nothing to watch yet</h1>
      <p>Pulse needs a user that may look and nothing else. On one node of your Proxmox VE, type:</p>
      <pre>{USER}</pre>
      <p>The last line prints the secret of a token. With that, tell Pulse where to look:</p>
      <p>
        <a
          class="button primary"
          href="./?page=settings"
          onClick={event => {
            event.preventDefault();
            goTo("?page=settings");
          }}
        >
          Add an instance
        </a>{" "}
        <a
          class="button"
          href="./?page=settings&section=docker"
          onClick={event => {
            event.preventDefault();
            goTo("?page=settings&section=docker");
          }}
        >
          Add a Docker host
        </a>
      </p>
      <p class="muted">
        Or write it into <code>pulse.yaml</code> in the data folder. To look around first, <code>npm run demo</code>{" "}
        shows a made-up estate.
      </p>
    </section>
  );
}
