import { t } from "../words/words.ts";

const SETTINGS = t("System settings changed");
const INSTANCE_TRIED = t("Instance tried out");
const MOCK = t("Simulated estate switched on or off");
const NOTED = t("Link or note of a guest changed");
const NOTE_FORGOTTEN = t("Link and notes of a guest removed");
const ALERT_CONFIG = t("Alert rules changed");
const ACKNOWLEDGED = t("Alert acknowledged");
const UNACKNOWLEDGED = t("Acknowledgement taken back");
const CLEARED = t("Alert cleared");

/** What the audit log's actions are called: those of routes by the route's name, and those that Pulse logs besides. */
const NAMES: Readonly<Record<string, string>> = {
  login: t("Sign-in"),
  logout: t("Sign-out"),
  oidcLogin: t("Sign-in by the identity provider begun"),
  quickSetup: t("Sign-in set up"),
  recovery: t("Let in without signing in, on this machine"),
  "reset-password": t("Password set on the server"),
  "token-create": t("API token made on the server"),
  "token-list": t("API tokens listed on the server"),
  "token-revoke": t("API token revoked on the server"),
  "recovery-token": t("Recovery token made on the server"),
  changePassword: t("Password changed"),
  regenerateToken: t("Main API token replaced"),
  validateToken: t("API token checked"),
  createApiToken: t("API token made"),
  revokeApiToken: t("API token revoked"),
  endSession: t("Session ended"),
  addUser: t("Account made"),
  updateUser: t("Account changed"),
  removeUser: t("Account removed"),
  resetLockout: t("Locked out no longer"),
  offerSecondFactor: t("Second factor begun"),
  confirmSecondFactor: t("Second factor turned on"),
  removeSecondFactor: t("Second factor turned off"),
  changeOidc: t("Identity provider changed"),
  audit: t("Audit log read"),
  addInstance: t("Instance added"),
  updateInstance: t("Instance changed"),
  removeInstance: t("Instance removed"),
  testConnection: INSTANCE_TRIED,
  testConfig: INSTANCE_TRIED,
  testInstance: INSTANCE_TRIED,
  setupScriptUrl: t("Setup code made"),
  autoRegister: t("Server registered itself"),
  discover: t("Network looked through"),
  updateSystemSettings: SETTINGS,
  putSystemSettings: SETTINGS,
  putSystemConfig: SETTINGS,
  changeUserSettings: t("Own page settings changed"),
  changeArchive: t("Archive changed"),
  changeMockMode: MOCK,
  putMockMode: MOCK,
  exportConfig: t("Configuration exported"),
  exportByAddress: t("Configuration exported"),
  importConfig: t("Configuration imported"),
  makeOwnBackup: t("Backup of Pulse made"),
  downloadOwnBackup: t("Backup of Pulse downloaded"),
  removeOwnBackup: t("Backup of Pulse removed"),
  applyUpdate: t("Update begun"),
  update: t("Update"),
  applyRestart: t("Restart asked for"),
  noteGuest: NOTED,
  noteGuestOnNode: NOTED,
  postGuestNote: NOTED,
  postGuestNoteOnNode: NOTED,
  forgetGuestNote: NOTE_FORGOTTEN,
  forgetGuestNoteOnNode: NOTE_FORGOTTEN,
  removeDockerHost: t("Docker host removed"),
  changeAlertConfig: ALERT_CONFIG,
  changeAlertConfigBySlash: ALERT_CONFIG,
  tryThresholds: t("Thresholds tried out"),
  clearAlertHistory: t("Alert history emptied"),
  alertAction: t("Alert acknowledged, unacknowledged or cleared"),
  acknowledgeByBody: ACKNOWLEDGED,
  bulkAcknowledge: ACKNOWLEDGED,
  unacknowledgeByBody: UNACKNOWLEDGED,
  bulkUnacknowledge: UNACKNOWLEDGED,
  clearByBody: CLEARED,
  bulkClear: CLEARED,
  changeNotifications: t("Notifications changed"),
  changeEmail: t("E-mail changed"),
  changeApprise: t("Apprise changed"),
  testNotifications: t("Test notification sent"),
  testNotification: t("Test frame sent to the stream"),
  addWebhook: t("Webhook added"),
  changeWebhook: t("Webhook changed"),
  removeWebhook: t("Webhook removed"),
  testWebhook: t("Webhook tried out"),
  checkTemplate: t("Template tried out"),
  retryNotification: t("Notification sent again"),
  subscribePush: t("Browser is told"),
  unsubscribePush: t("Browser is told no longer"),
  addSilence: t("Silence made"),
  changeSilence: t("Silence changed"),
  endSilence: t("Silence ended"),
};

/** An action as the reader's language calls it; one that is not known as it is logged. */
export function actionName(action: string): string {
  return Object.hasOwn(NAMES, action) ? (NAMES[action] ?? action) : action;
}
