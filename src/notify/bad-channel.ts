/** What somebody entered for a channel, or for a silence, cannot be used. The message names the field. */
export class BadChannel extends Error {
  override name = "BadChannel";

  readonly field: string;
  /** What is wrong there. */
  readonly problem: string;

  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`);
    this.field = field;
    this.problem = problem;
  }
}
