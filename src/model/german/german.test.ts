import assert from "node:assert/strict";
import { test } from "node:test";
import { toGerman } from "./german.ts";

for (const [name, english, expected] of [
  ["a figure", 'CPU of node "pve1" is 91.5 % (threshold 90 %)', "CPU von Knoten „pve1“: 91,5 % (Schwellwert 90 %)"],
  [
    "days in parts",
    'Certificate of node "pve1" is 9.5 days (threshold 10 days)',
    "Zertifikat von Knoten „pve1“: 9,5 Tage (Schwellwert 10 Tage)",
  ],
  [
    "a state with a fault",
    'Instance "home" cannot be reached: Cannot reach "pve1:8006" (ECONNREFUSED)',
    "Instanz „home“ ist nicht erreichbar: „pve1:8006“ ist nicht erreichbar (ECONNREFUSED)",
  ],
  [
    "several queues",
    'Mail Gateway "mx" has 120 mails in its queues (threshold 100), 60 deferred mails (threshold 50)',
    "Mail Gateway „mx“ hat 120 Mails in den Warteschlangen (Schwellwert 100), 60 zurückgestellte Mails (Schwellwert 50)",
  ],
  [
    "what it would take",
    "It fires at 90 % or more, once it has been so for 60 s",
    "Löst ab 90 % aus, wenn es 60 s so bleibt",
  ],
  [
    "who did not get a mail",
    "Not taken for all: 450 Try later (ann@example.com). Told to whom that is for now with number 7",
    "Nicht für alle angenommen: 450 Try later (ann@example.com). Wer nur vorerst abgelehnt ist, erhält sie mit Nummer 7",
  ],
  [
    "a field of a form",
    "historyRawDays: must be a number of days above 0",
    "historyRawDays: muss eine Zahl von Tagen über 0 sein",
  ],
] as const)
  test(`in German: ${name}`, () => assert.equal(toGerman(english), expected));
