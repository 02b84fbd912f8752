import { type Static, Type } from "typebox";
import { AlertLevel } from "./alert.ts";
import { InstantField, InstantInput, Nullable } from "./schema.ts";

const part = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 512, description }));

/** Which alerts: all of what is given must fit. `*` stands for any run of characters. At least one field must be given. */
export const AlertMatcher = Type.Object(
  {
    alertId: part("Of one alert."),
    resource: part("Id or name of the resource; those that it carries (guests of a node) too."),
    instance: part("Of the resource."),
    node: part("That the resource is on."),
    tag: part("Of the guest."),
    type: part("Of the alert: cpu, offline, usage…"),
    level: Type.Optional(AlertLevel),
  },
  { $id: "AlertMatcher", additionalProperties: false },
);
export type AlertMatcher = Static<typeof AlertMatcher>;

const timeOfDay = (description: string) =>
  Type.String({ pattern: "^([01]\\d|2[0-3]):[0-5]\\d$", description, must: "must be a time such as 03:00" });

/** Comes again every week. */
const Weekly = Type.Object({
  days: Type.Array(Type.Integer({ minimum: 0, maximum: 6, description: "0: Sunday" }), { minItems: 1, maxItems: 7 }),
  start: timeOfDay("HH:MM"),
  end: timeOfDay("HH:MM; before `start`: on the next day"),
  timezone: Type.String({ maxLength: 64, description: "IANA name; empty: the server's" }),
});

/** What people enter: nobody is told of the alerts that fit while it lasts. They fire all the same, and are shown. */
export const SilenceInput = Type.Object(
  {
    kind: Type.Union([Type.Literal("silence"), Type.Literal("maintenance", { description: "Planned work." })]),
    matcher: AlertMatcher,
    startsAt: Type.Optional(InstantInput("When it begins; now when absent")),
    endsAt: Nullable(InstantInput("When it ends; null only for one that comes every week")),
    weekly: Type.Optional(Nullable(Weekly)),
    comment: Type.String({ maxLength: 1000 }),
  },
  { $id: "SilenceInput" },
);
export type SilenceInput = Static<typeof SilenceInput>;

export const Silence = Type.Object(
  {
    id: Type.String(),
    ...SilenceInput.properties,
    startsAt: InstantField("When it begins"),
    weekly: Nullable(Weekly),
    createdBy: Type.String({ description: "Empty: nobody was signed in." }),
    createdAt: InstantField("When it was made"),
    state: Type.Union([Type.Literal("pending"), Type.Literal("active"), Type.Literal("over")]),
  },
  { $id: "Silence" },
);
export type Silence = Static<typeof Silence>;
