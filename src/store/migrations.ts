/** Every change of the tables, in order. A step that has been released is never changed: add another. */
export const MIGRATIONS: readonly string[] = [
  // Members of clusters, learned from the clusters themselves: the next start can ask them when the configured host is down.
  `CREATE TABLE member (
     instance TEXT NOT NULL,
     node TEXT NOT NULL,
     url TEXT NOT NULL,
     fingerprint TEXT,
     PRIMARY KEY (instance, node)
   ) STRICT, WITHOUT ROWID`,
  // Instances entered while Pulse runs. `settings`: JSON without the secret; `secret`: sealed with the key of the data folder.
  `CREATE TABLE instance (
     id TEXT PRIMARY KEY,
     position INTEGER NOT NULL,
     settings TEXT NOT NULL,
     secret BLOB NOT NULL
   ) STRICT`,
  // History: who the series are; packed blocks, whose key is 2^20 times the block's index plus the series' number; and the frames from
  // which open blocks are rebuilt, one a step.
  `CREATE TABLE history_series (
     number INTEGER PRIMARY KEY,
     kind TEXT NOT NULL,
     resource TEXT NOT NULL,
     metric TEXT NOT NULL,
     decimals INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE history_raw (key INTEGER PRIMARY KEY, block BLOB NOT NULL) STRICT;
   CREATE TABLE history_minute (key INTEGER PRIMARY KEY, block BLOB NOT NULL) STRICT;
   CREATE TABLE history_half_hour (key INTEGER PRIMARY KEY, block BLOB NOT NULL) STRICT;
   CREATE TABLE history_quarter_day (key INTEGER PRIMARY KEY, block BLOB NOT NULL) STRICT;
   CREATE TABLE history_raw_frame (slot INTEGER PRIMARY KEY, frame BLOB NOT NULL) STRICT;
   CREATE TABLE history_half_hour_frame (slot INTEGER PRIMARY KEY, frame BLOB NOT NULL) STRICT;
   CREATE TABLE history_quarter_day_frame (slot INTEGER PRIMARY KEY, frame BLOB NOT NULL) STRICT`,
  // Codes by which a server may register itself, as SHA3-256. `expires`: ms since the Unix epoch.
  `CREATE TABLE setup_code (
     hash BLOB PRIMARY KEY,
     type TEXT NOT NULL,
     host TEXT NOT NULL,
     expires INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID`,
  // What people note of guests. `guest`: the guest's id; `metadata`: JSON.
  "CREATE TABLE guest_note (guest TEXT PRIMARY KEY, metadata TEXT NOT NULL) STRICT, WITHOUT ROWID",
  // Docker hosts that have reported. `host`: JSON, without its containers.
  "CREATE TABLE docker_host (id TEXT PRIMARY KEY, host TEXT NOT NULL) STRICT, WITHOUT ROWID",
  // Who gets in. `password`: bcrypt; null: the environment's, or none. `replaced`: a digest of the environment's password that this one took
  // the place of, "?" when that was not known. `totp`: sealed. `recovery`: JSON list of SHA3-256. Sessions and tokens are kept as SHA3-256.
  `CREATE TABLE account (
     name TEXT PRIMARY KEY COLLATE NOCASE,
     role TEXT NOT NULL,
     password TEXT,
     replaced TEXT,
     totp BLOB,
     totp_step INTEGER,
     recovery TEXT,
     created INTEGER NOT NULL,
     changed INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE session (
     hash TEXT PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     name TEXT NOT NULL,
     role TEXT,
     address TEXT NOT NULL,
     agent TEXT NOT NULL,
     started INTEGER NOT NULL,
     seen INTEGER NOT NULL,
     expires INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE api_token (
     hash TEXT PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     name TEXT NOT NULL,
     scopes TEXT NOT NULL,
     main INTEGER NOT NULL,
     creator TEXT,
     created INTEGER NOT NULL,
     expires INTEGER,
     used INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE retired_token (hash TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
   CREATE TABLE sign_in_provider (kind TEXT PRIMARY KEY, settings TEXT NOT NULL, secret BLOB) STRICT, WITHOUT ROWID;
   CREATE TABLE audit (
     number INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     actor TEXT,
     address TEXT,
     action TEXT NOT NULL,
     target TEXT,
     outcome TEXT NOT NULL,
     detail TEXT,
     hash TEXT NOT NULL
   ) STRICT;
   CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
   CREATE TRIGGER audit_remains BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END`,
  // History from before we came: means in whole units, packed, from the step numbered `first` until `ends` (ms since the Unix epoch);
  // and the resources of which it has been imported.
  `CREATE TABLE history_past (
     series INTEGER NOT NULL,
     step INTEGER NOT NULL,
     first INTEGER NOT NULL,
     ends INTEGER NOT NULL,
     block BLOB NOT NULL,
     PRIMARY KEY (series, step, first)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE history_past_known (resource TEXT PRIMARY KEY) STRICT, WITHOUT ROWID`,
  // So that what is too old is found without reading all.
  "CREATE INDEX history_past_age ON history_past (ends)",
  // What the operator chose for the whole server, and what each reader chose for the page: JSON. `who`: how somebody has signed in, and the name.
  `CREATE TABLE system_setting (field TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE user_setting (who TEXT PRIMARY KEY, settings TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  // Alerts. `state`: what is kept of one that is not simply well, JSON. `how`: resolved, withdrawn, cleared. Times: ms since the Unix epoch.
  // `alert`: JSON as it was then. Numbers are never given twice, not even after rows are gone.
  `CREATE TABLE alert_config (one INTEGER PRIMARY KEY CHECK (one = 1), config TEXT NOT NULL) STRICT;
   CREATE TABLE alert_notes (one INTEGER PRIMARY KEY CHECK (one = 1), notes TEXT NOT NULL) STRICT;
   CREATE TABLE alert_state (id TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE alert_episode (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     alert_id TEXT NOT NULL,
     resource_id TEXT NOT NULL,
     type TEXT NOT NULL,
     worst TEXT NOT NULL,
     began INTEGER NOT NULL,
     ended INTEGER,
     how TEXT,
     alert TEXT NOT NULL
   ) STRICT;
   CREATE INDEX alert_episode_began ON alert_episode (began);
   CREATE INDEX alert_episode_resource ON alert_episode (resource_id);
   CREATE TABLE alert_transition (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL,
     kind TEXT NOT NULL,
     alert_id TEXT NOT NULL,
     resource_id TEXT NOT NULL,
     reason TEXT,
     user TEXT,
     alert TEXT NOT NULL
   ) STRICT;
   CREATE INDEX alert_transition_alert ON alert_transition (alert_id);
   CREATE INDEX alert_transition_resource ON alert_transition (resource_id)`,
  // Where notifications go and what goes with it, each entry sealed whole: its address, too, may let in who knows it.
  `CREATE TABLE notification_setting (
     id TEXT PRIMARY KEY,
     position INTEGER NOT NULL,
     sealed BLOB NOT NULL
   ) STRICT`,
  // What is to be sent, and what became of it: one row for a channel and a group. `due`: when it goes, null: no more. `failures`: tries that
  // count towards giving up. `held`: why it waits though its time had come. `snapshot`: an alert that is over, as it last was.
  `CREATE TABLE notification (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     channel TEXT NOT NULL,
     name TEXT NOT NULL,
     service TEXT NOT NULL,
     address TEXT NOT NULL,
     reason TEXT NOT NULL,
     group_key TEXT NOT NULL,
     dedup TEXT NOT NULL,
     title TEXT NOT NULL,
     status TEXT NOT NULL,
     queued INTEGER NOT NULL,
     due INTEGER,
     held TEXT,
     attempts INTEGER NOT NULL DEFAULT 0,
     failures INTEGER NOT NULL DEFAULT 0,
     tried INTEGER,
     delivered INTEGER,
     code INTEGER,
     error TEXT,
     duplicate INTEGER NOT NULL DEFAULT 0,
     size INTEGER
   ) STRICT;
   CREATE INDEX notification_due ON notification (status, due);
   CREATE INDEX notification_open ON notification (channel, reason, group_key) WHERE status = 'waiting';
   CREATE INDEX notification_pace ON notification (channel, delivered) WHERE delivered IS NOT NULL;
   CREATE TABLE notification_alert (
     notification INTEGER NOT NULL REFERENCES notification (id) ON DELETE CASCADE,
     alert TEXT NOT NULL,
     snapshot TEXT,
     PRIMARY KEY (notification, alert)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX notification_by_alert ON notification_alert (alert)`,
  // What each channel knows of an alert. `over`: since when it is over, null: it fires. `certain` 0: Pulse ended while it was being told.
  // And which levels of escalation an alert has reached since it began at `start`.
  `CREATE TABLE notification_told (
     channel TEXT NOT NULL,
     alert TEXT NOT NULL,
     at INTEGER NOT NULL,
     level TEXT NOT NULL,
     over INTEGER,
     certain INTEGER NOT NULL,
     dedup TEXT NOT NULL,
     reminded INTEGER,
     PRIMARY KEY (channel, alert)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX notification_told_alert ON notification_told (alert);
   CREATE TABLE notification_escalated (
     alert TEXT NOT NULL,
     start TEXT NOT NULL,
     level INTEGER NOT NULL,
     at INTEGER NOT NULL,
     PRIMARY KEY (alert, start, level)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE notification_channel (
     id TEXT PRIMARY KEY,
     delivered INTEGER,
     failed INTEGER,
     error TEXT
   ) STRICT, WITHOUT ROWID`,
  // Of what nobody is told for a while. `silence`: JSON.
  "CREATE TABLE silence (id TEXT PRIMARY KEY, silence TEXT NOT NULL) STRICT, WITHOUT ROWID",
  // Which versions have run on this data folder, each noted at its first start.
  "CREATE TABLE version_run (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, version TEXT NOT NULL) STRICT",
  // A time that an instance was not heard in, and that has not been asked for again yet.
  "CREATE TABLE gap (instance TEXT PRIMARY KEY, began INTEGER NOT NULL, ended INTEGER NOT NULL) STRICT, WITHOUT ROWID",
  // Updates that this server was asked for. `ended` null: it goes on. `stage`: whether it has been handed over to who puts it in place.
  `CREATE TABLE update_event (
     id TEXT PRIMARY KEY,
     began INTEGER NOT NULL,
     ended INTEGER,
     stage TEXT NOT NULL,
     status TEXT NOT NULL,
     channel TEXT NOT NULL,
     version_from TEXT NOT NULL,
     version_to TEXT NOT NULL,
     initiated_by TEXT,
     initiated_via TEXT NOT NULL,
     backup TEXT,
     code TEXT,
     error TEXT
   ) STRICT`,
  // By which rules alerts were last judged, JSON. `before`: those until then, while alerts fire that have not been judged by the present ones.
  `CREATE TABLE alert_rules (
     one INTEGER PRIMARY KEY CHECK (one = 1),
     present TEXT NOT NULL,
     before TEXT
   ) STRICT`,
  // What changed in the estate, and how everything in it was last known to be: both JSON. `at`: ms since the Unix epoch. Alerts are counted by time.
  `CREATE TABLE estate_fact (id TEXT PRIMARY KEY, facts TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE estate_change (
     number INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     resource TEXT NOT NULL,
     change TEXT NOT NULL
   ) STRICT;
   CREATE INDEX estate_change_at ON estate_change (at);
   CREATE INDEX estate_change_resource ON estate_change (resource, at);
   CREATE INDEX alert_transition_at ON alert_transition (at, kind)`,
  // Of an edge: what the stream of several Pulses has not taken yet. `body`: as it goes there.
  `CREATE TABLE cluster_outbox (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     subject TEXT NOT NULL,
     id TEXT NOT NULL,
     body BLOB NOT NULL
   ) STRICT`,
  // Of a core: up to which entry of the stream all that is kept here goes, and from which on it is to be read to know the rest again.
  // `stream`: when it was made; another one has other numbers. The same of what people have changed. And the instances that edges watch; `settings`: JSON, without secrets.
  `CREATE TABLE cluster_position (
     stream TEXT PRIMARY KEY,
     sequence INTEGER NOT NULL,
     warm INTEGER NOT NULL,
     tick INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE cluster_instance (
     name TEXT PRIMARY KEY,
     site TEXT NOT NULL,
     settings TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE cluster_command (stream TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  // `began`: the first tick that was ever kept here. `command`: when the last command was stored that was done in that stream.
  `ALTER TABLE cluster_position ADD COLUMN began INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE cluster_position ADD COLUMN command INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE cluster_command ADD COLUMN at INTEGER NOT NULL DEFAULT 0`,
  // The store that samples are sent to for years, as it was entered, JSON; `password`: sealed. And up to when it has them all: ms since the
  // Unix epoch; what is from `done` until `upto` was under way.
  `CREATE TABLE archive_setting (one INTEGER PRIMARY KEY CHECK (one = 1), settings TEXT NOT NULL, password BLOB) STRICT;
   CREATE TABLE archive_position (url TEXT PRIMARY KEY, done INTEGER NOT NULL, upto INTEGER) STRICT, WITHOUT ROWID`,
  // Of a core, and of an edge: the instances that were entered for each site, JSON; their secrets are sealed for the edges there.
  "CREATE TABLE cluster_entered (site TEXT PRIMARY KEY, list TEXT NOT NULL) STRICT, WITHOUT ROWID",
  // For which site a server may register itself; empty: this Pulse watches it itself.
  "ALTER TABLE setup_code ADD COLUMN site TEXT NOT NULL DEFAULT ''",
  // The tick that `tick` stored: its own time.
  "ALTER TABLE cluster_position ADD COLUMN judged INTEGER NOT NULL DEFAULT 0",
  // What came late of each series with a tick: whole units of steps of ten seconds, packed, from the one numbered `first` on; and up to which tick an
  // archive has been sent that.
  `CREATE TABLE history_late (
     tick INTEGER NOT NULL,
     series INTEGER NOT NULL,
     first INTEGER NOT NULL,
     block BLOB NOT NULL,
     PRIMARY KEY (tick, series)
   ) STRICT, WITHOUT ROWID;
   ALTER TABLE archive_position ADD COLUMN late INTEGER`,
  // Of a core: where its memory went on when NATS had lost what it had stored. `at`: when the last tick was stored that was kept before, `command`: ... the last
  // command that was done.
  `CREATE TABLE cluster_lineage (
     name TEXT PRIMARY KEY,
     at INTEGER NOT NULL,
     command INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID`,
  // The rest of a mail that others of its recipients got: who is still to get it, bare addresses, JSON; null: all.
  "ALTER TABLE notification ADD COLUMN recipients TEXT",
];
