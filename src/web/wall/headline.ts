import type { Instant } from "../../kit/units.ts";
import type { LineState } from "../live/line.ts";
import type { Verdict } from "../overview/problems.ts";
import { t } from "../words/words.ts";

/** The large words of the wall. */
export interface Headline {
  /** "lost": nobody knows how things are. */
  level: Verdict["level"] | "lost";
  text: string;
  /** What more is to be said, below it; empty: nothing. */
  detail: string;
}

export interface HeadlineInput {
  line: LineState;
  /** Whether any picture has come. */
  hasPicture: boolean;
  /** The line is there, but nothing has come for too long. */
  quiet: boolean;
  verdict: Verdict;
  /** When the picture last changed, and how to write that. */
  lastUpdate: Instant;
  write: (at: Instant) => string;
}

/** What a wall says. Old news are never told as the present: then it says since when nobody knows, and what it was. */
export function toHeadline(input: HeadlineInput): Headline {
  const { line, hasPicture, quiet, verdict, lastUpdate, write } = input;
  if (line.kind === "signed-out")
    return {
      level: "lost",
      text: t("Not let in"),
      detail: t(
        "The link of this screen was revoked, or has expired. An administrator makes a new one in Settings → Security.",
      ),
    };
  const was = t("At {time} it was: {verdict}", { time: write(lastUpdate), verdict: verdict.text });
  if (line.kind === "away")
    return { level: "lost", text: t("Not live"), detail: `${line.reason}. ${hasPicture ? was : ""}`.trim() };
  if (!hasPicture) return { level: "waiting", text: t("Connecting…"), detail: "" };
  if (quiet) return { level: "lost", text: t("No news"), detail: was };
  return { level: verdict.level, text: verdict.text, detail: "" };
}
