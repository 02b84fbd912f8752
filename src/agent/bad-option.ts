/** Why the agent cannot start: a flag, variable or file of its settings, and what is wrong with it. Never with a secret. */
export class BadOption extends Error {
  override name = "BadOption";
}
