import { FakeClock } from "../kit/clock.ts";
import { USUAL_SETTINGS } from "../model/system-settings.ts";
import { GuestNotes } from "../settings/guest-notes.ts";
import { InstanceBook } from "../settings/instance-book.ts";
import { SystemBook } from "../settings/system-book.ts";
import { nodesPart } from "../settings/transfer-nodes.ts";
import { notesPart, systemPart } from "../settings/transfer-parts.ts";
import { Database } from "../store/database.ts";
import { openTransferDesk } from "../transfer-desk.ts";

// Imports one configuration after the other into the data folder that it is given, until it is killed. Each is marked throughout with its
// number.

const INSTANCES = 10;

function openParts(folder: string) {
  const database = Database.open(folder, "0");
  const book = new InstanceBook(database, folder);
  const notes = new GuestNotes(database);
  const system = new SystemBook(database, USUAL_SETTINGS, {});
  return { database, book, notes, system, parts: [nodesPart(book, []), systemPart(system), notesPart(notes)] };
}

function toDocument(generation: number) {
  const pveInstances = Array.from({ length: INSTANCES }, (_, at) => ({
    name: `g${generation}`,
    host: `https://127.0.0.9:${1000 + at}`,
    tokenName: "a@pam!b",
    tokenValue: `secret-${generation}`,
  }));
  const guestMetadata = Object.fromEntries(
    pveInstances.map((_, at) => [`home:guest:${100 + at}`, { notes: `g${generation}` }]),
  );
  return { nodes: { pveInstances }, guestMetadata, system: { autoUpdateCheckInterval: generation } };
}

/** The numbers that stand in the parts of the configuration, and how many parts there are besides the one setting. */
export function readConfiguration(folder: string): { generations: string[]; count: number } {
  const { database, book, notes, system } = openParts(folder);
  const titles = book.all.map(({ title }) => title ?? "");
  const secrets = book.all.map(({ credentials }) =>
    credentials.kind === "token" ? credentials.secret.replace("secret-", "g") : "",
  );
  const noted = Object.values(notes.all()).map(note => note.notes ?? "");
  const setting = `g${system.settings.autoUpdateCheckInterval}`;
  database[Symbol.dispose]();
  return { generations: [setting, ...titles, ...secrets, ...noted], count: titles.length + noted.length };
}

const [, program, folder] = process.argv;
if (folder !== undefined && program?.endsWith("importing.ts")) {
  const { database, parts, system } = openParts(folder);
  const desk = openTransferDesk({ database, clock: new FakeClock(), parts, hand: null, reopen: () => {} });
  let generation = system.settings.autoUpdateCheckInterval;
  for (;;) {
    generation = (generation % 8000) + 1;
    const outcome = await desk.importDocument(toDocument(generation), false);
    if ("refused" in outcome) throw new Error(JSON.stringify(outcome));
    process.stdout.write(".");
  }
}
