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

const ColumnKey = Type.String({ pattern: "^-?[a-z][a-zA-Z0-9-]{0,39}$", must: "must be the name of a column" });
/** How somebody wants one table; what is left out is as usual. */
const Table = Type.Object(
  {
    columns: Type.Optional(
      Type.Array(ColumnKey, { minItems: 1, maxItems: 40, description: "The columns that are shown, in their order" }),
    ),
    sort: Type.Optional(
      Type.Array(ColumnKey, {
        maxItems: 4,
        description: "The columns that rows are sorted by, the first one first; with a minus: the greatest first",
      }),
    ),
    group: Type.Optional(
      Type.String({
        pattern: "^[a-z]{1,20}$",
        description: "What rows are grouped by; none: one list",
        must: "must be a word of small letters",
      }),
    ),
    density: Type.Optional(Type.Enum(["comfortable", "compact"], { description: "How high a row is" })),
  },
  { additionalProperties: false },
);
export type TableSettings = Static<typeof Table>;
const TableName = Type.String({ pattern: "^[a-z][a-z-]{0,39}$" });
/** The most tables that are remembered of somebody: more than the page has. */
const MOST_TABLES = 60;

/** A page as somebody wants to find it again. */
const SavedView = Type.Object({
  name: Type.String({
    pattern: "^\\S(.{0,58}\\S)?$",
    description: "What it is called",
    must: "must be a name of 1 to 60 characters",
  }),
  search: Type.String({
    pattern: "^(\\?[^\\s#]*)?$",
    maxLength: 1500,
    description: "What stands in the page's address from the question mark on",
    must: "must begin with a question mark, have no spaces, and at most 1,500 characters",
  }),
});
export type View = Static<typeof SavedView>;
const Views = Type.Array(SavedView, { maxItems: 50, description: "Saved views, in the order they are listed in" });

/** How somebody wants the page. */
export const UserSettings = Type.Object(
  {
    theme: ReadTheme,
    language: ReadLanguage,
    layout: Type.Object(Layout),
    refreshInterval: RefreshInterval,
    display: Type.Object(Display),
    tables: Type.Record(TableName, Table, {
      additionalProperties: false,
      description: "Tables that are not as usual, by their names",
    }),
    views: Views,
  },
  { $id: "UserSettings" },
);
export type UserSettings = Static<typeof UserSettings>;

/** Of a page that nobody has changed. */
export const USUAL_PAGE: UserSettings = {
  theme: "system",
  language: "system",
  layout: { startPage: "", guests: "nodes" },
  refreshInterval: 0,
  display: { trends: true },
  tables: {},
  views: [],
};

/** A change: what is left out stays. */
export const UserChange = Type.Object(
  {
    theme: Type.Optional(ReadTheme),
    language: Type.Optional(ReadLanguage),
    layout: Type.Optional(Type.Partial(Type.Object(Layout))),
    refreshInterval: Type.Optional(RefreshInterval),
    display: Type.Optional(Type.Partial(Type.Object(Display))),
    tables: Type.Optional(
      Type.Record(TableName, Type.Union([Table, Type.Null()]), {
        maxProperties: MOST_TABLES,
        additionalProperties: false,
        description: "Each replaces what was remembered of its table; null: as usual again",
      }),
    ),
    views: Type.Optional(Views),
  },
  { $id: "UserSettingsChange", additionalProperties: true },
);
export type UserChange = Static<typeof UserChange>;

/** `before` with what `change` names; of several tables too many, those that were changed last. */
export function withChange<T extends UserChange>(before: T, change: UserChange): T {
  const { theme, language, layout, refreshInterval, display, tables, views } = change;
  return {
    ...before,
    ...(theme === undefined ? {} : { theme }),
    ...(language === undefined ? {} : { language }),
    ...(layout ? { layout: { ...before.layout, ...layout } } : {}),
    ...(refreshInterval === undefined ? {} : { refreshInterval }),
    ...(display ? { display: { ...before.display, ...display } } : {}),
    ...(tables ? { tables: withTables(before.tables ?? {}, tables) } : {}),
    ...(views ? { views } : {}),
  };
}

type Tables = NonNullable<UserChange["tables"]>;

function withTables(before: Tables, change: Tables): Tables {
  const kept = Object.entries(before).filter(([name]) => !Object.hasOwn(change, name));
  const all = [...kept, ...Object.entries(change)].filter(([, table]) => table !== null);
  return Object.fromEntries(all.slice(-MOST_TABLES));
}
