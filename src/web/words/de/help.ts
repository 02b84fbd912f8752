import type { Catalogue } from "../words.ts";

/** What stands behind question marks. */
export const HELP: Catalogue = {
  "More in the documentation": "Mehr in der Dokumentation (auf Englisch)",
  Documentation: "Dokumentation (auf Englisch)",
  "A thin pool takes space only as guests write: more may be promised to them than there is (overcommit), and once it is full, its guests stop. “Full” goes on in a straight line from the last 30 days; from less than three days nobody can tell.":
    "Ein Thin-Pool belegt Platz erst, wenn Gäste schreiben: Ihnen kann mehr zugesagt sein, als da ist (Overcommit), und ist er voll, bleiben seine Gäste stehen. „Voll“ setzt die letzten 30 Tage als Gerade fort; aus weniger als drei Tagen lässt sich nichts sagen.",
  "Ceph warns once an OSD is nearly full, and takes no more writes once one is full: keep enough free that the data of a lost node fits on the others.":
    "Ceph warnt, sobald ein OSD fast voll ist, und nimmt nichts mehr an, sobald eines voll ist: So viel frei halten, dass die Daten eines ausgefallenen Knotens auf die anderen passen.",
  "A scrub reads all of a pool and mends what another copy can tell. DEGRADED means that a device is missing and the pool still works: replace it before another one fails.":
    "Ein Scrub liest den ganzen Pool und repariert, was eine andere Kopie noch weiß. DEGRADED heißt: Ein Gerät fehlt, der Pool arbeitet noch. Ersetzen, bevor das nächste ausfällt.",
  "Wear is how much of its rated life an SSD says to have used. At 100 % it need not fail, but nobody vouches for it any more.":
    "Die Abnutzung ist der Teil der zugesagten Lebensdauer, den eine SSD nach eigener Angabe verbraucht hat. Bei 100 % muss sie nicht ausfallen, aber niemand steht mehr dafür ein.",
  "Verification reads archives again and compares their checksums: only then is it known that they can be restored. Prune takes away old archives by its retention; their space is free only after the next garbage collection (GC).":
    "Die Verifizierung liest Archive noch einmal und vergleicht ihre Prüfsummen: Erst dann ist bekannt, dass sie sich wiederherstellen lassen. Prune entfernt alte Archive nach der Aufbewahrung; ihr Platz wird erst mit der nächsten Garbage Collection (GC) frei.",
  "A protected archive is taken away by no prune. A snapshot is no backup: it lies on the same storage as its guest, and goes with it.":
    "Ein geschütztes Archiv wird von keinem Prune entfernt. Ein Snapshot ist kein Backup: Er liegt auf demselben Speicher wie sein Gast und geht mit ihm verloren.",
  "A value fires once it has been at the trigger or beyond for as long as the delay, and ends at “Over at”. In between it stays as it is, so that a value about the threshold does not come and go. An override of one resource goes before a group, and a group before what stands here.":
    "Ein Wert löst aus, wenn er für die Dauer der Verzögerung an der Schwelle oder darüber hinaus war, und endet bei „Entwarnung bei“. Dazwischen bleibt er, wie er ist, damit ein Wert um die Schwelle nicht kommt und geht. Die Ausnahme einer Ressource geht vor einer Gruppe, die Gruppe vor dem, was hier steht.",
  "What comes and goes several times in a short while flaps: it is told once, and again only after it has been calm. What fires again soon after it was over is the same episode, and nobody is told anew.":
    "Was in kurzer Zeit mehrmals kommt und geht, flattert: Es wird einmal gemeldet, und erst wieder, wenn es ruhig war. Was kurz nach seinem Ende wieder auslöst, ist derselbe Vorfall, und niemand wird neu benachrichtigt.",
  "Both keep alerts on the page and tell nobody of them. A silence is for what is wrong now, maintenance is planned before, and may come again every week. What still fires when it ends is told then.":
    "Beide lassen Alarme auf der Seite und benachrichtigen niemanden. Eine Stummschaltung gilt dem, was jetzt ist; eine Wartung wird vorher geplant und kann jede Woche wiederkommen. Was an ihrem Ende noch aktiv ist, wird dann gemeldet.",
  "What nobody has acknowledged after so many minutes is told to further channels. Who acknowledges stops that.":
    "Was nach so vielen Minuten niemand bestätigt hat, geht an weitere Kanäle. Wer bestätigt, beendet das.",
  "A webhook is sent by the server, and reaches what the server reaches. Whoever may change webhooks could have it call services of the private network: name the networks that it may reach, where not everybody who signs in is trusted with that.":
    "Ein Webhook wird vom Server verschickt und erreicht, was der Server erreicht. Wer Webhooks ändern darf, könnte ihn Dienste im privaten Netz aufrufen lassen: Die erlaubten Netze angeben, wenn das nicht jeder dürfen soll, der sich anmeldet.",
  "A token is shown once; Pulse keeps only its hash. What it may is chosen when it is made. That of a screen on a wall sees what the wall shows and nothing else. Revoked, it ends at once.":
    "Ein Token wird einmal gezeigt; Pulse behält nur seinen Hash. Was es darf, wird beim Erstellen gewählt. Das eines Bildschirms an der Wand sieht, was die Wandansicht zeigt, sonst nichts. Widerrufen endet es sofort.",
  "Up to 12 guests, those with the greatest values now first; who is shown stays until you ask anew. Picked ones stay in any case. All of it stands in the address, so a copied link shows the same.":
    "Bis zu 12 Gäste, die mit den höchsten Werten zuerst; die Auswahl bleibt, bis Sie neu fragen. Ausgewählte bleiben in jedem Fall. Alles steht in der Adresse: Ein kopierter Link zeigt dasselbe.",
  "Pulse itself keeps fine values for a short time and coarser ones for longer, and drops the oldest. An archive keeps all of them as long as you like; while it does not answer, charts show what Pulse has.":
    "Pulse selbst behält feine Werte kurz und gröbere länger und verwirft die ältesten. Ein Archiv behält alle, so lange Sie wollen; antwortet es nicht, zeigen die Diagramme, was Pulse hat.",
  "A copy of Pulse's own database, with history and settings, beside it on the same disk: it helps after a mistake. Against the loss of the disk, copy the folder elsewhere.":
    "Eine Kopie der eigenen Datenbank von Pulse mit Verlauf und Einstellungen, daneben auf derselben Platte: Sie hilft nach einem Fehlgriff. Gegen den Verlust der Platte den Ordner anderswohin kopieren.",
};
