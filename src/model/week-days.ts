/** The days of a week as the configuration names them, from Monday on. Apart from the schemas, so that a page needs none of those. */
export const WEEK_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
