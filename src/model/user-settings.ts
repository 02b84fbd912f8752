import { type Static, Type } from "typebox";

/** The colours of the page. system: as the device; contrast: the strongest, light or dark as the device. */
export const THEMES = ["system", "light", "dark", "contrast"] as const;
export type Theme = (typeof THEMES)[number];
const ReadTheme = Type.Enum([...THEMES], {
  description: "The colours of the page; system: as the device; contrast: high contrast, light or dark as the device",
  must: `must be one of ${THEMES.join(", ")}`,
});
/** The languages that the page speaks. */
export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];
const ReadLanguage = Type.Enum(["system", ...LANGUAGES], {
  description: "The language of the page; system: as the browser asks for",
  must: `must be one of system, ${LANGUAGES.join(", ")}`,
});
/** The pages of the UI that one can begin with, as `?page=` has them; empty: the overview. */
export const START_PAGES = ["", "alerts", "compare", "storage", "backups", "mail", "docker"] as const;
const Layout = {
  startPage: Type.Enum([...START_PAGES], {
    description: "What opens first; empty: the overview",
  }),
  guests: Type.Enum(["nodes", "flat"], { description: "The guests of the overview by node, or in one list" }),
};
const Display = {
  trends: Type.Boolean({ description: "Small lines of the last hour in tables, where there is room" }),
};
const RefreshInterval = Type.Integer({
  minimum: 0,
  maximum: 300,
  description: "Seconds between two renewals of the page; 0: with every change",
  must: "must be a whole number of seconds, 0 to 300",
});

/** How somebody wants the page. */
export const UserSettings = Type.Object(
  {
    theme: ReadTheme,
    language: ReadLanguage,
    layout: Type.Object(Layout),
    refreshInterval: RefreshInterval,
    display: Type.Object(Display),
  },
  { $id: "UserSettings" },
);
export type UserSettings = Static<typeof UserSettings>;

/** A change: what is left out stays. */
export const UserChange = Type.Object(
  {
    theme: Type.Optional(ReadTheme),
    language: Type.Optional(ReadLanguage),
    layout: Type.Optional(Type.Partial(Type.Object(Layout))),
    refreshInterval: Type.Optional(RefreshInterval),
    display: Type.Optional(Type.Partial(Type.Object(Display))),
  },
  { $id: "UserSettingsChange", additionalProperties: true },
);
export type UserChange = Static<typeof UserChange>;
