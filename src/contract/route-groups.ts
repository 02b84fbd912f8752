/** What routes are about, in the order in which people read of them; the first beginning that fits a path counts. */
const GROUPS: readonly (readonly [group: string, beginnings: readonly string[]])[] = [
  ["Alerts", ["/api/alerts/"]],
  ["Notifications", ["/api/notifications/", "/api/test-notification"]],
  ["Docker hosts", ["/api/agents/", "/api/agent/", "/install-docker-agent", "/download/"]],
  ["History", ["/api/charts", "/api/storage-charts", "/api/trends", "/api/history", "/api/changes", "/api/capacity"]],
  ["Instances", ["/api/config/nodes", "/api/discover", "/api/setup-script", "/api/auto-register"]],
  ["Settings", ["/api/config", "/api/system/", "/api/settings", "/api/updates/", "/api/export"]],
  ["Signing in and access", ["/api/security/", "/api/oidc/", "/api/login", "/api/logout", "/api/session"]],
  [
    "About this server",
    ["/api/health", "/api/version", "/api/diagnostics", "/api/cluster", "/api/openapi", "/api/docs", "/metrics"],
  ],
  [
    "State",
    [
      "/api/state",
      "/api/storage",
      "/api/backups",
      "/api/snapshots",
      "/api/guests/",
      "/api/summary",
      "/api/wall",
      "/simple-stats",
    ],
  ],
];

/** "State" comes first for readers, and last here: its beginnings are the shortest. */
export const ROUTE_GROUPS: readonly string[] = [
  "State",
  ...GROUPS.map(([group]) => group).filter(one => one !== "State"),
];

/** The group of a route's path; null: it is in none, which a test does not let through. */
export function groupOf(path: string): string | null {
  return GROUPS.find(([, beginnings]) => beginnings.some(one => path.startsWith(one)))?.[0] ?? null;
}
