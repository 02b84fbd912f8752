/** What other pages say. The build takes out what the first page says, too (`scripts/first-texts.ts`). */
export { DE as REST } from "./de/all.ts";
