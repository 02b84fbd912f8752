import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/ui.css";
import "./ui/table.css";
import "./overview/overview.css";
import { render } from "solid-js/web";
import { App } from "./app.tsx";
import { applyTheme } from "./ui/theme.ts";

applyTheme();
const root = document.getElementById("pulse");
if (root) render(() => <App />, root);
