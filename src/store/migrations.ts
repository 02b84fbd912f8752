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
];
