import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/ui.css";
import "./ui/table.css";
import "./overview/overview.css";
import { render } from "solid-js/web";
import { App } from "./app.tsx";
import { preferences } from "./live/preferences.ts";
import { applyTheme } from "./ui/theme.ts";

const { theme, layout } = preferences();
applyTheme(theme);
// Who comes to no page in particular gets the one that he starts with.
if (location.search === "" && layout.startPage !== "") history.replaceState(null, "", `?page=${layout.startPage}`);
const root = document.getElementById("pulse");
if (root) render(() => <App />, root);
