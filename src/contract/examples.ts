import type { TSchema } from "typebox";
import type { BodyOf } from "./route.ts";
import type { Routes } from "./routes.ts";

type WithBody = { [K in keyof Routes]: Routes[K] extends { body: TSchema } ? K : never }[keyof Routes];

const INSTANCE = {
  type: "pve",
  name: "home",
  host: "https://192.168.1.10:8006",
  tokenName: "pulse@pve!monitor",
  tokenValue: "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
} as const;
const SYSTEM = { pbsPollingInterval: 60, theme: "dark" } as const;
const NOTE = { consoleUrl: "https://pve1.example.com:8006", notes: "Production database" };
const ALERT = "home:guest:101-cpu";
const THRESHOLDS = { guestDefaults: { cpu: { trigger: 95, clear: 85 } } };
const EMAIL = {
  enabled: true,
  server: "smtp.example.com",
  port: 587,
  username: "pulse",
  password: "secret",
  from: "pulse@example.com",
  to: ["anna@example.com"],
  startTLS: true,
};
const APPRISE = { enabled: true, serverUrl: "http://apprise.example.com:8000", targets: ["ntfy://alerts"] };
const WEBHOOK = {
  name: "Discord",
  url: "https://discord.com/api/webhooks/xxx/yyy",
  method: "POST",
  service: "discord",
  enabled: true,
} as const;
const SILENCE = {
  kind: "maintenance",
  matcher: { node: "pve1" },
  endsAt: 1_800_000_000_000,
  comment: "New memory",
} as const;

/** A body for each route that takes one, as the description shows it. */
export const BODIES: { readonly [K in WithBody]: BodyOf<Routes[K]> } & {
  /** Their bodies are any part of the configuration. */
  readonly [K in "changeAlertConfig" | "changeAlertConfigBySlash"]: object;
} = {
  addInstance: INSTANCE,
  updateInstance: { interval: 30 },
  testConnection: INSTANCE,
  testConfig: INSTANCE,
  updateSystemSettings: SYSTEM,
  putSystemSettings: SYSTEM,
  putSystemConfig: SYSTEM,
  changeArchive: { url: "http://victoria:8428" },
  changeUserSettings: { theme: "dark" },
  changeMockMode: { enabled: true, config: { nodeCount: 5, vmsPerNode: 8 } },
  putMockMode: { enabled: false },
  exportConfig: { passphrase: "correct horse battery" },
  importConfig: { data: "HyXpPQgHxuip…", passphrase: "correct horse battery" },
  applyUpdate: { downloadUrl: "https://example.com/pulse.tar.gz" },
  discover: { subnet: "192.168.1.0/24" },
  noteGuest: NOTE,
  noteGuestOnNode: NOTE,
  postGuestNote: NOTE,
  postGuestNoteOnNode: NOTE,
  setupScriptUrl: { type: "pve", host: "https://192.168.1.10:8006", backupPerms: true },
  autoRegister: {
    type: "pve",
    host: "https://192.168.1.10:8006",
    serverName: "pve1",
    tokenId: "pulse@pve!monitor",
    tokenValue: "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
    setupCode: "A7K9P2",
  },
  dockerReport: {
    agent: { id: "3f2a", version: "v5.0.0", intervalSeconds: 30 },
    host: { hostname: "dock1" },
    containers: [{ id: "8d3f", name: "web", image: "nginx:1.27", state: "running", status: "Up 3 hours" }],
    timestamp: "2026-01-02T03:04:05Z",
  },
  login: { username: "admin", password: "correct horse" },
  quickSetup: { username: "admin", password: "correct horse", generateApiToken: true },
  changePassword: { currentPassword: "correct horse", newPassword: "battery staple" },
  validateToken: { token: "YOUR_TOKEN" },
  createApiToken: { name: "dashboard", scopes: ["read"] },
  addUser: { name: "anna", role: "operator", password: "correct horse" },
  updateUser: { role: "viewer" },
  resetLockout: { identifier: "anna" },
  confirmSecondFactor: { code: "123456" },
  removeSecondFactor: { password: "correct horse", code: "123456" },
  recovery: { action: "disable_auth", token: "YOUR_RECOVERY_TOKEN" },
  changeOidc: { enabled: true, issuerUrl: "https://id.example.com/realms/home", clientId: "pulse", clientSecret: "…" },
  changeAlertConfig: THRESHOLDS,
  changeAlertConfigBySlash: THRESHOLDS,
  bulkAcknowledge: { alertIds: [ALERT] },
  bulkUnacknowledge: { alertIds: [ALERT] },
  bulkClear: { alertIds: [ALERT] },
  acknowledgeByBody: { id: ALERT },
  unacknowledgeByBody: { id: ALERT },
  clearByBody: { id: ALERT },
  tryThresholds: { type: "cpu", of: "guest", thresholds: { cpu: { trigger: 95, clear: 85 } }, days: 30 },
  changeNotifications: { publicUrl: "https://pulse.example.com" },
  changeEmail: EMAIL,
  changeApprise: APPRISE,
  testNotifications: { method: "email" },
  addWebhook: WEBHOOK,
  changeWebhook: { enabled: false },
  testWebhook: WEBHOOK,
  checkTemplate: { ...WEBHOOK, template: '{"content": "{{.Title}}"}' },
  subscribePush: { endpoint: "https://push.example.com/abc", keys: { p256dh: "BNc…", auth: "tBH…" } },
  addSilence: SILENCE,
  changeSilence: SILENCE,
};

/** What is asked for in the address, where a route does not answer without. */
export const QUERIES: { readonly [K in keyof Routes]?: Readonly<Record<string, string>> } = {
  history: { resource: "home:guest:101", metric: "cpu" },
  trends: { ids: "home:guest:101" },
  explainAlerts: { resource: "home:guest:101" },
  updatePlan: { version: "v5.1.0" },
  updateEvent: { id: "1" },
  setupScript: { type: "pve", host: "https://192.168.1.10:8006" },
};
