import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/ui.css";
import "./ui/controls.css";
import "./ui/form.css";
import "./ui/panel.css";
import "./ui/overlay.css";
import "./ui/plain-table.css";
import "./ui/table.css";
import "./ui/trouble.css";
import "./ui/menu.css";
import "./ui/contrast.css";
import "./overview/overview.css";
import { preferences } from "./live/preferences.ts";
import { openEarly } from "./live/socket.ts";
import { applyTheme } from "./ui/theme.ts";
import { language, languageFor, speak } from "./words/words.ts";

openEarly();
const chosen = preferences();
applyTheme(chosen.theme);
await speak(languageFor(chosen.language));
document.documentElement.lang = language();
// Only now: what it loads may make its texts as it is loaded.
const { open } = await import("./open.tsx");
await open(chosen.layout.startPage);
