/** How a Pulse of several gets at the NATS servers that they meet on. */
export interface ClusterSettings {
  /** `nats://host:4222` or `tls://host:4222`, at least one. */
  servers: readonly string[];
  /** null: NATS lets in who comes. */
  signIn: { user: string; password: string } | { credentialsFile: string } | null;
  /** File with the authorities that NATS's certificate is checked by; null: those of the system. */
  caFile: string | null;
  /** What this one is called among the others: unique. */
  name: string;
}

/** What an edge is besides. */
export interface EdgeSettings extends ClusterSettings {
  /** Where it stands; edges of one site take each other's place. */
  site: string;
}
