/** Settings that cannot be used. Each problem is a sentence that names its field; Pulse refuses to start on any. */
export class BadSettings extends Error {
  readonly problems: readonly string[];
  override name = "BadSettings";

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join("; "), options);
    this.problems = problems;
  }
}
