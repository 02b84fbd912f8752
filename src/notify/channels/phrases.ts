import { toGerman } from "../../model/german/german.ts";
import type { Language } from "../../model/user-settings.ts";

/** What messages say besides what alerts say themselves, in German by its English. `{name}` stands for a value. */
const GERMAN = {
  Critical: "Kritisch",
  Warning: "Warnung",
  Resolved: "Behoben",
  "{signal} of {name}": "{signal} von {name}",
  "{what} at {figure}": "{what} bei {figure}",
  "{what}, after {length}": "{what}, nach {length}",
  "was at {figure}": "war bei {figure}",
  "threshold {figure}": "Schwellwert {figure}",
  "on {node}": "auf {node}",
  "since {time}": "seit {time}",
  "since {time} ({length})": "seit {time} ({length})",
  "also covers {names}": "betrifft auch {names}",
  acknowledged: "bestätigt",
  "acknowledged by {user}": "bestätigt von {user}",
  "{count} more": "{count} weitere",
  "and {count} more": "und {count} weitere",
  "… and {count} more": "… und {count} weitere",
  "{names} and {count} more": "{names} und {count} weitere",
  "{count} day": "{count} Tag",
  "{count} days": "{count} Tage",
  "Still so: {title}": "Weiterhin: {title}",
  "Escalated: {title}": "Eskaliert: {title}",
  "Test: {title}": "Test: {title}",
  "{count} alerts": "{count} Alarme",
  "{count} alerts ({critical} critical)": "{count} Alarme ({critical} kritisch)",
  "{count} alerts resolved": "{count} Alarme behoben",
  "{alerts}: {what}, and {count} more": "{alerts}: {what} und {count} weitere",
  "Pulse is up: a daily sign of life": "Pulse läuft: ein tägliches Lebenszeichen",
  "Pulse is running and can reach you here.": "Pulse läuft und erreicht diesen Kanal.",
  "Pulse is running and can reach you here. It says so once a day, so that its silence means something.":
    "Pulse läuft und erreicht diesen Kanal. Das meldet es einmal am Tag, damit sein Schweigen etwas bedeutet.",
  "A reminder: this still is so.": "Eine Erinnerung: Das ist weiterhin so.",
  "An escalation: nobody has acknowledged this so far.": "Eine Eskalation: Das hat bisher niemand bestätigt.",
  "A test: somebody asked Pulse to send it.": "Ein Test: Jemand hat Pulse gebeten, ihn zu senden.",
  "You may have had this before: whether it came could not be known.":
    "Diese Nachricht kam vielleicht schon einmal: Ob sie ankam, war nicht zu erfahren.",
  "Show in Pulse": "In Pulse anzeigen",
  "Sent by Pulse, {time}": "Gesendet von Pulse, {time}",
  "Age of backup": "Alter des Backups",
  "Age of snapshot": "Alter des Snapshots",
} as const;
type Phrase = keyof typeof GERMAN;

/** Units of time as they stand behind a number, the largest first. */
const LENGTHS = { en: ["d", "h", "m", "s"], de: [" d", " h", " min", " s"] } as const;

export function say(
  language: Language,
  phrase: Phrase,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const text = language === "de" ? GERMAN[phrase] : phrase;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A sentence of an alert, or the name of what it is about; one that nobody has translated stays English. */
export function tell(language: Language, english: string): string {
  if (language === "en") return english;
  return Object.hasOwn(GERMAN, english) ? GERMAN[english as Phrase] : toGerman(english);
}

export function decimal(language: Language, value: number): string {
  return language === "de" ? String(value).replace(".", ",") : String(value);
}

export function lengthUnits(language: Language): readonly [string, string, string, string] {
  return LENGTHS[language];
}

/** The locale that times are written in. */
export function localeOf(language: Language): string {
  return language === "de" ? "de-DE" : "en-GB";
}
