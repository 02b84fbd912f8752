import type { JSX } from "solid-js";

const EXAMPLE = `instances:
  - name: home
    type: pve
    host: https://192.168.1.10:8006
    token: pulse@pve!monitor=xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
    fingerprint: AA:BB:CC:…`;

const USER = `pveum user add pulse@pve
pveum acl modify / --users pulse@pve --roles PVEAuditor
pveum user token add pulse@pve monitor --privsep 0`;

/** Pulse runs, and has nothing to look at. */
export function EmptyEstate(): JSX.Element {
  return (
    <section class="empty">
      <h1>Nothing to watch yet</h1>
      <p>Pulse needs a user that may look and nothing else. On one node of your Proxmox VE, type:</p>
      <pre>{USER}</pre>
      <p>
        Then write this into <code>pulse.yaml</code> in the data folder, with the token that the last line printed, and
        start Pulse again:
      </p>
      <pre>{EXAMPLE}</pre>
      <p>
        <code>npm start -- check-config</code> says what is wrong with the file. To look around first, type{" "}
        <code>npm run demo</code>: it shows a made-up estate.
      </p>
    </section>
  );
}
