import type { Catalogue } from "../../kit/told.ts";

/** What else the server says: why a look failed, what is wrong with an entry, what was done. */
export const SERVER: Catalogue = {
  "{units} of systemd is not as this version has it": "{units} von systemd ist anders als in dieser Version",
  "{units} of systemd are not as this version has them": "{units} von systemd sind anders als in dieser Version",
  // Why a look at an upstream failed.
  'Cannot reach "{host}" ({code})': "„{host}“ ist nicht erreichbar ({code})",
  'No answer in time from "{host}" ({code})': "Keine rechtzeitige Antwort von „{host}“ ({code})",
  'Connection broken by "{host}" ({code})': "Verbindung von „{host}“ abgebrochen ({code})",
  'No TLS connection with "{host}" ({code})': "Keine TLS-Verbindung mit „{host}“ ({code})",
  'No proper HTTP from "{host}" ({code})': "Kein richtiges HTTP von „{host}“ ({code})",
  'Certificate of "{host}" is not the pinned one: pinned "{pinned}", got "{seen}"':
    "Das Zertifikat von „{host}“ ist nicht das festgelegte: festgelegt „{pinned}“, erhalten „{seen}“",
  'Certificate of "{host}" is not trusted ({why}); if it is yours, pin it: fingerprint "{seen}"':
    "Dem Zertifikat von „{host}“ wird nicht vertraut ({why}); ist es das eigene, den Fingerabdruck festlegen: „{seen}“",
  'Answer to "{path}" is larger than {size} MiB': "Die Antwort auf „{path}“ ist größer als {size} MiB",
  '"{host}" answered "{path}" with status {status}, not with data':
    "„{host}“ beantwortete „{path}“ mit Status {status}, nicht mit Daten",
  '"{host}" answered "{path}" with {what}': "„{host}“ beantwortete „{path}“ mit {what}",
  '"{host}" answered "{path}" with {status}: {why}': "„{host}“ beantwortete „{path}“ mit {status}: {why}",
  "a web page instead of data: is a proxy in between?": "einer Webseite statt mit Daten: Ist ein Proxy dazwischen?",
  "incomplete JSON": "unvollständigem JSON",
  "no reason given": "kein Grund angegeben",
  '"{host}" answered "{path}" without "data": is there a {product}?':
    "„{host}“ beantwortete „{path}“ ohne „data“: Ist dort {product}?",
  '"{name}" has no address that may be asked': "„{name}“ hat keine Adresse, die gefragt werden darf",
  '"{host}" refused user "{user}": wrong user or password':
    "„{host}“ wies Benutzer „{user}“ ab: falscher Benutzer oder falsches Passwort",
  '"{host}" answered the login without a ticket': "„{host}“ beantwortete die Anmeldung ohne Ticket",
  "{what} were answered without a list": "{what}: Antwort ohne Liste",
  "{what} was answered without a list": "{what}: Antwort ohne Liste",
  "{what} was answered without an object": "{what}: Antwort ohne Objekt",
  "{what} were answered without an object": "{what}: Antwort ohne Objekt",
  '"{host}" answered "{path}" without a health': "„{host}“ beantwortete „{path}“ ohne Zustand",
  '"{host}" answered "{path}" without a list': "„{host}“ beantwortete „{path}“ ohne Liste",
  '"{host}" answered "{path}" without an object': "„{host}“ beantwortete „{path}“ ohne Objekt",
  '"{instance}" lists a guest without a VMID: "{id}"': "„{instance}“ nennt einen Gast ohne VMID: „{id}“",
  '"{instance}" lists a row without a name: {what}': "„{instance}“ nennt eine Zeile ohne Namen: {what}",
  '"{name}" told something that cannot be read ({reason})':
    "„{name}“ teilte etwas mit, das nicht zu lesen ist ({reason})",
  'The API token of "{name}" holds a character that cannot be sent: enter it anew':
    "Das API-Token von „{name}“ enthält ein Zeichen, das nicht gesendet werden kann: neu eingeben",
  '"{name}" is configured with an API token, and {product} knows none':
    "„{name}“ ist mit einem API-Token eingerichtet, und {product} kennt keine",
  '"{instance}" lists no nodes: may the user see them (Sys.Audit)?':
    "„{instance}“ nennt keine Knoten: Darf der Benutzer sie sehen (Sys.Audit)?",
  'Node "{node}" is {status} to its cluster': "Knoten „{node}“ ist für seinen Cluster {status}",
  'Node "{node}" does not answer for its guests': "Knoten „{node}“ antwortet nicht für seine Gäste",
  'Storage "{storage}" is not active on {nodes}': "Speicher „{storage}“ ist nicht aktiv auf {nodes}",
  "No datastore is listed: may the user see them (role Audit on /)?":
    "Kein Datenspeicher wird genannt: Darf der Benutzer sie sehen (Rolle Audit auf /)?",
  "In maintenance ({type})": "In Wartung ({type})",
  "In maintenance ({type}): {message}": "In Wartung ({type}): {message}",
  'No report from the agent on "{host}"': "Kein Bericht vom Agenten auf „{host}“",
  "No report since Pulse was started": "Kein Bericht seit dem Start von Pulse",
  '"{instance}" no longer lists it': "„{instance}“ nennt es nicht mehr",
  'No complete answer from "{host}" yet': "Noch keine vollständige Antwort von „{host}“",
  "No node that has it is online: {nodes}": "Kein Knoten, der ihn hat, ist online: {nodes}",
  'The backups on "{storage}" are shown only to who has Datastore.Allocate there, or Datastore.AllocateSpace and VM.Backup':
    "Die Backups auf „{storage}“ sieht nur, wer dort Datastore.Allocate hat, oder Datastore.AllocateSpace und VM.Backup",
  'Node "{node}" is offline': "Knoten „{node}“ ist offline",
  "Not looked at again in time": "Nicht rechtzeitig wieder abgefragt",
  "Not looked at in time": "Nicht rechtzeitig abgefragt",
  "The gateway lists no members, not even itself": "Das Gateway nennt keine Mitglieder, nicht einmal sich selbst",
  offline: "offline",
  unknown: "unbekannt",
  // What instances answer when they are entered.
  "Connected to {what}": "Verbunden mit {what}",
  'There is no instance "{id}"': "Es gibt keine Instanz „{id}“",
  '"{id}" stands in pulse.yaml; change it there': "„{id}“ steht in pulse.yaml; dort ändern",
  "This Pulse shows a simulated estate: nothing can be added to it":
    "Dieses Pulse zeigt eine simulierte Umgebung: dort lässt sich nichts hinzufügen",
  "This Pulse shows a simulated estate: switch over to the real one first":
    "Dieses Pulse zeigt eine simulierte Umgebung: erst zur echten wechseln",
  '"{host}" is no address such as {example}': "„{host}“ ist keine Adresse wie {example}",
  "{product} has no API tokens: give user and password":
    "{product} hat keine API-Tokens: Benutzer und Passwort angeben",
  "give a token or a password, not both": "Token oder Passwort angeben, nicht beides",
  '"{id}" is not of the form user@realm!name': "„{id}“ hat nicht die Form benutzer@realm!name",
  "missing; give user and password, or tokenName and tokenValue":
    "fehlt; Benutzer und Passwort angeben, oder tokenName und tokenValue",
  "missing; pve, pbs or pmg": "fehlt; pve, pbs oder pmg",
  "holds a character that cannot be sent, perhaps one that is not seen: copy it anew":
    "enthält ein Zeichen, das nicht gesendet werden kann, vielleicht ein unsichtbares: neu kopieren",
  "give a fingerprint or authorities, not both": "Fingerabdruck oder Zertifizierungsstellen angeben, nicht beides",
  "is not a SHA-256 fingerprint such as AA:BB:…": "ist kein SHA-256-Fingerabdruck wie AA:BB:…",
  "holds a certificate that cannot be read": "enthält ein Zertifikat, das nicht gelesen werden kann",
  "holds no certificate: -----BEGIN CERTIFICATE-----…": "enthält kein Zertifikat: -----BEGIN CERTIFICATE-----…",
  'this address is watched as "{name}"': "diese Adresse wird schon als „{name}“ überwacht",
  'this is a member of a cluster that is watched as "{name}"':
    "dies ist Mitglied eines Clusters, der schon als „{name}“ überwacht wird",
  'this server, by its certificate, is watched as "{name}"':
    "dieser Server wird, nach seinem Zertifikat, schon als „{name}“ überwacht",
  'this is a member of cluster "{cluster}", which is watched as "{name}"':
    "dies ist Mitglied des Clusters „{cluster}“, der schon als „{name}“ überwacht wird",
  // What is wrong with what was entered.
  missing: "fehlt",
  "unknown field": "unbekanntes Feld",
  "not as described": "nicht wie beschrieben",
  "must be {what}": "muss sein: {what}",
  "must be one of {names}": "muss eines sein von {names}",
  "must be a name of 1 to 60 characters": "muss ein Name aus 1 bis 60 Zeichen sein",
  "must be a whole number of seconds, 0 to 300": "muss eine ganze Zahl von Sekunden sein, 0 bis 300",
  "must be a whole number of {unit}, {least} to {most}": "muss eine ganze Zahl sein ({unit}), {least} bis {most}",
  "must be a whole number from {least} to {most}": "muss eine ganze Zahl von {least} bis {most} sein",
  "must be a number of days above 0": "muss eine Zahl von Tagen über 0 sein",
  "must be a port number, 0 to 65535": "muss eine Portnummer sein, 0 bis 65535",
  "must be a time such as 03:00": "muss eine Uhrzeit sein wie 03:00",
  "must be auto, or a private network such as 192.168.1.0/24":
    "muss auto sein, oder ein privates Netz wie 192.168.1.0/24",
  "must be *, or origins such as https://dashboard.example.com, separated by commas":
    "muss * sein, oder Origins wie https://dashboard.example.com, durch Komma getrennt",
  "must be origins such as https://dashboard.example.com, separated by commas":
    "muss aus Origins wie https://dashboard.example.com bestehen, durch Komma getrennt",
  "must be above the trigger, {trigger}; it is {value}": "muss über dem Auslöser {trigger} liegen; es ist {value}",
  "must be below the trigger, {trigger}; it is {value}": "muss unter dem Auslöser {trigger} liegen; es ist {value}",
  "must not be above the trigger, {trigger}; it is {value}":
    "darf nicht über dem Auslöser {trigger} liegen; es ist {value}",
  "must not be below the trigger, {trigger}; it is {value}":
    "darf nicht unter dem Auslöser {trigger} liegen; es ist {value}",
  "must be a number, or an object with trigger and clear": "muss eine Zahl sein, oder ein Objekt mit trigger und clear",
  seconds: "Sekunden",
  minutes: "Minuten",
  days: "Tage",
  "a text": "ein Text",
  "a number": "eine Zahl",
  "a whole number": "eine ganze Zahl",
  "true or false": "true oder false",
  "a list": "eine Liste",
  "an object": "ein Objekt",
  "there is no such setting": "diese Einstellung gibt es nicht",
  '"{timezone}" is no time zone such as "{example}"': "„{timezone}“ ist keine Zeitzone wie „{example}“",
  'there is no time zone "{timezone}"': "es gibt keine Zeitzone „{timezone}“",
  "is set by {by}; change it there": "ist durch {by} festgelegt; dort ändern",
  '"{value}" is no mail address': "„{value}“ ist keine Mail-Adresse",
  '"{value}" is not the name of a server': "„{value}“ ist kein Servername",
  "is no name of a header": "ist kein Name eines Headers",
  "give it anew: the one that is kept is for another host": "neu angeben: das gespeicherte gilt für einen anderen Host",
  "names nothing; give at least one of resource, node, instance, tag, type, level":
    "nennt nichts; mindestens eines angeben von resource, node, instance, tag, type, level",
  "missing: only what comes every week may be without end": "fehlt: ohne Ende darf nur sein, was jede Woche kommt",
  "is not after the beginning": "liegt nicht nach dem Beginn",
  "there are {count} already": "es gibt schon {count}",
  "url is no URL": "url ist keine URL",
  "url has to end in {end}": "url muss auf {end} enden",
  "serverUrl is no URL": "serverUrl ist keine URL",
  '"{cidr}" is no block of addresses, as 10.0.0.0/8 is': "„{cidr}“ ist kein Adressblock wie 10.0.0.0/8",
  "Password changed; all other sessions are ended": "Passwort geändert; alle anderen Sitzungen sind beendet",
  // Signing in, accounts and tokens.
  "Wrong user or password; {count} attempts remain": "Falscher Benutzer oder falsches Passwort; noch {count} Versuche",
  "Wrong user or password; 1 attempt remains": "Falscher Benutzer oder falsches Passwort; noch ein Versuch",
  "Too many failed attempts; locked for {count} more minutes": "Zu viele Fehlversuche; noch {count} Minuten gesperrt",
  "Too many failed attempts; locked for 1 more minute": "Zu viele Fehlversuche; noch eine Minute gesperrt",
  "Too many requests; try again in {seconds} s": "Zu viele Anfragen; in {seconds} s wieder versuchen",
  "A code of the second factor is needed": "Ein Code des zweiten Faktors ist nötig",
  "Authentication required": "Anmeldung erforderlich",
  'This needs the right "{right}"': "Dafür ist das Recht „{right}“ nötig",
  "This request comes from another site": "Diese Anfrage kommt von einer anderen Seite",
  "This server is a demo: nothing can be changed": "Dieser Server ist eine Demo: ändern lässt sich nichts",
  "This needs somebody who has signed in with user and password":
    "Dafür ist eine Anmeldung mit Benutzer und Passwort nötig",
  "This is the last administrator who can sign in; make another one first":
    "Das ist der letzte Administrator, der sich anmelden kann; erst einen anderen anlegen",
  'There is no token "{id}"': "Es gibt kein Token „{id}“",
  'There is no session "{id}"': "Es gibt keine Sitzung „{id}“",
  'There is no user "{name}"': "Es gibt keinen Benutzer „{name}“",
  '"{name}" is taken': "„{name}“ ist vergeben",
  '"{name}" is named by the environment or pulse.yaml: change it there':
    "„{name}“ ist durch Umgebung oder pulse.yaml festgelegt: dort ändern",
  '"{name}" is named by the environment or pulse.yaml; take it out there':
    "„{name}“ ist durch Umgebung oder pulse.yaml festgelegt; dort herausnehmen",
  "The second factor is on already": "Der zweite Faktor ist schon an",
  "wrong, or too late": "falsch oder zu spät",
  "wrong, or used already": "falsch oder schon benutzt",
  wrong: "falsch",
  "too many wrong ones; try again in 15 minutes": "zu viele falsche; in 15 Minuten wieder versuchen",
  "at least 8 characters": "mindestens 8 Zeichen",
  "at most {count} bytes": "höchstens {count} Bytes",
  "must not hold a NUL character": "darf kein NUL-Zeichen enthalten",
  "lies in the past": "liegt in der Vergangenheit",
  "There are {count} tokens already; revoke some": "Es gibt schon {count} Tokens; einige widerrufen",
  "make an administrator with a password first, or a mistake here locks all out":
    "erst einen Administrator mit Passwort anlegen, sonst sperrt ein Fehler hier alle aus",
  '"{url}" is no https:// address': "„{url}“ ist keine https://-Adresse",
  '"{url}" is no address': "„{url}“ ist keine Adresse",
  'The identity provider "{issuer}" cannot be asked ({why})':
    "Der Identity-Provider „{issuer}“ kann nicht gefragt werden ({why})",
  "The identity provider did not vouch for you ({why})":
    "Der Identity-Provider hat die Anmeldung nicht bestätigt ({why})",
  "This sign-in was not begun in this browser, or took too long; try again":
    "Diese Anmeldung wurde nicht in diesem Browser begonnen oder dauerte zu lange; noch einmal versuchen",
  "You are in none of the groups that may use this Pulse": "In keiner der Gruppen, die dieses Pulse benutzen dürfen",
  "Your e-mail address is none of those that may use this Pulse":
    "Die E-Mail-Adresse gehört nicht zu denen, die dieses Pulse benutzen dürfen",
  // What was done, or cannot be.
  Saved: "Gespeichert",
  "Saved.": "Gespeichert.",
  "Saved; {names} from the next start on": "Gespeichert; {names} ab dem nächsten Start",
  "Nothing was changed": "Nichts wurde geändert",
  "Everything was so already": "Alles war schon so",
  "Internal server error": "Interner Fehler des Servers",
  "Nothing was saved: the database cannot be written, {why}":
    "Nichts wurde gespeichert: die Datenbank kann nicht geschrieben werden, {why}",
  "It was done, but the database cannot be written: after a crash it would be lost":
    "Es ist getan, aber die Datenbank kann nicht geschrieben werden: nach einem Absturz wäre es verloren",
  "the disk is full": "die Platte ist voll",
  "the data folder is read-only": "der Datenordner ist schreibgeschützt",
  "the disk does not take or give what it should": "die Platte nimmt oder gibt nicht, was sie soll",
  "its file cannot be opened": "die Datei kann nicht geöffnet werden",
  "its file is damaged": "die Datei ist beschädigt",
  "A backup is being made already": "Es läuft schon ein Backup",
  "No backup: {why}": "Kein Backup: {why}",
  "there is not enough room: {needed} are needed, {free} are free":
    "der Platz reicht nicht: {needed} werden gebraucht, {free} sind frei",
  "there is not enough room: {needed} MiB are needed, {free} MiB are free":
    "der Platz reicht nicht: {needed} MiB werden gebraucht, {free} MiB sind frei",
  "what was written is not sound: {why}": "was geschrieben wurde, ist nicht in Ordnung: {why}",
  'There is no backup "{name}"': "Es gibt kein Backup „{name}“",
  'There is no Docker host "{id}"': "Es gibt keinen Docker-Host „{id}“",
  'There is no alert "{id}"': "Es gibt keinen Alarm „{id}“",
  'There is no resource "{id}"': "Es gibt keine Ressource „{id}“",
  'There is no silence "{id}"': "Es gibt keine Stummschaltung „{id}“",
  'There is no webhook "{id}"': "Es gibt keinen Webhook „{id}“",
  "Other thresholds are being tried: ask again in a moment":
    "Es werden gerade andere Schwellwerte ausprobiert: gleich noch einmal versuchen",
  'There is no history of "{metric}" of "{resource}"': "Es gibt keinen Verlauf von „{metric}“ von „{resource}“",
  "cannot open this: either it is another passphrase, or the data is damaged or no export of Pulse":
    "kann es nicht öffnen: Entweder ist es eine andere Passphrase, oder die Daten sind beschädigt oder kein Export von Pulse",
  "is no export of Pulse, which is base64": "ist kein Export von Pulse, der Base64 ist",
  "holds no configuration of Pulse": "enthält keine Konfiguration von Pulse",
  "must be 12 characters or more": "muss mindestens 12 Zeichen haben",
  "sign-in is not carried over: set it up under Security":
    "die Anmeldung wird nicht übernommen: unter Sicherheit einrichten",
  "is not known here, and not carried over": "ist hier nicht bekannt und wird nicht übernommen",
  'adds webhook "{name}"': "fügt Webhook „{name}“ hinzu",
  'changes webhook "{name}"': "ändert Webhook „{name}“",
  "changes what holds for all channels": "ändert, was für alle Kanäle gilt",
  'notes something of guest "{name}"': "vermerkt etwas zu Gast „{name}“",
  "changes of the alerts: {names}": "Änderungen der Alarme: {names}",
  // Updates.
  "A container does not update itself: start one of the new image, with the same data folder":
    "Ein Container aktualisiert sich nicht selbst: einen des neuen Images starten, mit demselben Datenordner",
  "A package does not update itself: start the package of the other version, with the same data folder":
    "Ein Paket aktualisiert sich nicht selbst: das Paket der anderen Version starten, mit demselben Datenordner",
  "This Pulse runs from its sources: update those": "Dieses Pulse läuft aus seinen Quellen: diese aktualisieren",
  "Back up the data folder": "Den Datenordner sichern",
  "Build or pull the image of {version}": "Das Image von {version} bauen oder holen",
  "Stop the container, and start one of the new image with the same data folder":
    "Den Container anhalten und einen des neuen Images mit demselben Datenordner starten",
  "Start the package of {version}": "Das Paket von {version} starten",
  "{version} is another major version than {current}: read its notes before you update":
    "{version} ist eine andere Hauptversion als {current}: vor der Aktualisierung die Hinweise lesen",
  "There is a newer major version, {version}, which is offered after this one":
    "Es gibt eine neuere Hauptversion, {version}, die nach dieser angeboten wird",
  "Cannot reach {address}: {why}": "{address} ist nicht erreichbar: {why}",
  "{address} answered with {status}": "{address} antwortete mit {status}",
  "{address} answered with {status}: there is nothing at that address":
    "{address} antwortete mit {status}: dort ist nichts",
  "its name is not known: is there a connection to the internet?":
    "der Name ist unbekannt: Besteht eine Verbindung zum Internet?",
  "its name cannot be looked up: is there a connection to the internet?":
    "der Name kann nicht aufgelöst werden: Besteht eine Verbindung zum Internet?",
  "it refuses the connection": "die Verbindung wird abgelehnt",
  "it ended the connection": "die Verbindung wurde beendet",
  "there is no way there: is there a connection to the internet?":
    "es gibt keinen Weg dorthin: Besteht eine Verbindung zum Internet?",
  "it does not answer": "keine Antwort",
  "Checking the signature": "Signatur wird geprüft",
  Downloading: "Wird heruntergeladen",
  Unpacking: "Wird ausgepackt",
  "Stopping, to start {version}": "Wird angehalten, um {version} zu starten",
  "Waiting until {version} is well": "Warten, bis {version} in Ordnung ist",
  "Tidying up": "Wird aufgeräumt",
  "Going back to {version}": "Zurück zu {version}",
  "The update was cut off": "Die Aktualisierung wurde unterbrochen",
  "{version} runs; {before} is kept": "{version} läuft; {before} wird aufbewahrt",
  "{what}. {version} runs on": "{what}. {version} läuft weiter",
  "{what}. {version} runs again": "{what}. {version} läuft wieder",
  "{version} was not well within {seconds} s: {what}": "{version} war binnen {seconds} s nicht in Ordnung: {what}",
  "The archive is not the one that the index tells: its SHA-256 is another":
    "Das Archiv ist nicht das im Index genannte: sein SHA-256 ist ein anderer",
  "The archive is damaged: it cannot be unpacked": "Das Archiv ist beschädigt: es kann nicht ausgepackt werden",
};
