/** Why something was not done; `message` is a sentence for the caller that names the field. */
export interface Refusal {
  refused: "bad-input" | "unauthorized" | "locked" | "unknown" | "duplicate" | "not-now";
  message: string;
}

export function refuse(refused: Refusal["refused"], message: string): Refusal {
  return { refused, message };
}
