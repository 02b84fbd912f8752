/** What is answered where several Pulses serve as one and could not be asked, or did not answer: what becomes of it is not known here. */
export const NOT_AGREED = {
  refused: "not-now",
  message: "The cores cannot agree on this now, it may not count; the log says why",
} as const;
