/** What somebody entered for a channel, or for a silence, cannot be used. The message names the field. */
export class BadChannel extends Error {
  override name = "BadChannel";

  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
  }
}
