/** What the first page says. The build leaves nothing else here (`scripts/first-texts.ts`). */
export { DE as FIRST } from "./de/all.ts";
