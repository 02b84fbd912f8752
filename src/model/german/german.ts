import { type Catalogue, createTold } from "../../kit/told.ts";
import { SERVER_ALERTS } from "./alerts.ts";
import { SERVER } from "./server.ts";

/** What the server says, in German by its English sentence. */
export const SAID: Catalogue = { ...SERVER_ALERTS, ...SERVER };

/** A sentence of the server in German; one that is not known as it came. */
export const toGerman: (english: string) => string = createTold(SAID, figure => figure.replace(".", ","));
