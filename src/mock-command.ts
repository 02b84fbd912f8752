import type { CommandOutcome } from "./account-command.ts";
import type { MockDesk } from "./http/mock-handlers.ts";
import type { Clock } from "./kit/clock.ts";
import { onFolder } from "./on-folder.ts";
import type { EnvironmentSettings } from "./settings/environment.ts";
import { readMockChoice, writeMockChoice } from "./settings/mock-choice.ts";

/** What the command line may ask of the simulated estate. */
export interface MockCommand {
  kind: "mock";
  action: "on" | "off" | "status";
}

/** The command that `args` spell; a sentence when they spell none. */
export function toMockCommand([, action, ...rest]: readonly string[]): MockCommand | string {
  if ((action !== "on" && action !== "off" && action !== "status") || rest.length > 0) return "mock on | off | status";
  return { kind: "mock", action };
}

/** Within the server; null: nothing would open it anew. */
export function runMockCommand({ action }: MockCommand, desk: MockDesk | null): CommandOutcome {
  if (!desk) return { ok: false, text: "This server cannot be opened anew with another estate" };
  if (action === "status") return toOutcome(desk.state().enabled);
  const outcome = desk.change({ enabled: action === "on" });
  if ("refused" in outcome) return { ok: false, text: outcome.message };
  // Once who asked has its answer.
  setImmediate(() => outcome.reopen?.());
  return toOutcome(action === "on");
}

/** From the command line, with the server running or not. */
export function runMockOnFolder(
  { dataDir, mockMode }: EnvironmentSettings,
  command: MockCommand,
  clock: Clock,
): Promise<CommandOutcome> {
  return onFolder(dataDir, clock, command, () => {
    const choice = readMockChoice(dataDir);
    if (command.action === "status") return toOutcome(mockMode ?? choice.enabled);
    writeMockChoice(dataDir, { ...choice, enabled: command.action === "on" });
    const outcome = toOutcome(command.action === "on");
    return { ok: true, text: `${outcome.text}, from the next start on` };
  });
}

function toOutcome(enabled: boolean): CommandOutcome {
  return { ok: true, text: enabled ? "Pulse shows a simulated estate" : "Pulse shows the real estate" };
}
