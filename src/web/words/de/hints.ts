import type { Catalogue } from "../words.ts";

/** How channels are set up at the service that they speak to: sentences of the server that one part of one page shows. */
export const HINTS: Catalogue = {
  "Use an app password (it needs 2-step verification), not the password of the account.":
    "Ein App-Passwort verwenden (setzt die Bestätigung in zwei Schritten voraus), nicht das Passwort des Kontos.",
  "SMTP AUTH has to be allowed for the mailbox; Outlook.com takes no passwords any more.":
    "SMTP AUTH muss für das Postfach erlaubt sein; Outlook.com nimmt keine Passwörter mehr an.",
  "Use an app password, made under Account security.": "Ein App-Passwort verwenden, erstellt unter Kontosicherheit.",
  "Use an app-specific password, made at account.apple.com.":
    "Ein app-spezifisches Passwort verwenden, erstellt auf account.apple.com.",
  'The username is the word "apikey", the password an API key that may send mail.':
    "Der Benutzername ist das Wort „apikey“, das Passwort ein API-Schlüssel, der Mails senden darf.",
  "Use the SMTP credentials of the domain. Domains in the EU are at smtp.eu.mailgun.org.":
    "Die SMTP-Zugangsdaten der Domain verwenden. Domains in der EU liegen auf smtp.eu.mailgun.org.",
  "Put your region into the server's name. Use SMTP credentials, which are not the access keys.":
    "Die eigene Region in den Servernamen einsetzen. SMTP-Zugangsdaten verwenden; das sind nicht die Zugriffsschlüssel.",
  "Username and password are both the server's API token.":
    "Benutzername und Passwort sind beide das API-Token des Servers.",
  "Use the login and the SMTP key that are shown under SMTP & API.":
    "Login und SMTP-Schlüssel verwenden, die unter SMTP & API stehen.",
  "Use an app password when two-factor sign-in is on. Accounts in the EU are at smtp.zoho.eu.":
    "Bei Zwei-Faktor-Anmeldung ein App-Passwort verwenden. Konten in der EU liegen auf smtp.zoho.eu.",
  "Use an app password, made under Privacy & Security.":
    "Ein App-Passwort verwenden, erstellt unter Datenschutz & Sicherheit.",
  "Use an SMTP token, made in the settings of the domain; it needs a paid plan.":
    "Ein SMTP-Token verwenden, erstellt in den Einstellungen der Domain; setzt einen bezahlten Tarif voraus.",
  "Ask who runs it: port 587 is for STARTTLS, 465 for TLS, 25 for a relay on your own network.":
    "Beim Betreiber erfragen: Port 587 ist für STARTTLS, 465 für TLS, 25 für ein Relay im eigenen Netz.",
  "Enter the address that takes the JSON, and what it wants for headers. With a template of your own the payload may be any.":
    "Die Adresse eingeben, die das JSON annimmt, und die Header, die sie verlangt. Mit einer eigenen Vorlage ist jeder Inhalt möglich.",
  "In the channel's settings: Integrations, Webhooks, New Webhook, Copy Webhook URL.":
    "In den Kanaleinstellungen: Integrationen, Webhooks, Neuer Webhook, Webhook-URL kopieren.",
  "Make an app at api.slack.com/apps, switch its incoming webhooks on and add one to the channel.":
    "Auf api.slack.com/apps eine App erstellen, ihre Incoming Webhooks einschalten und einen zum Kanal hinzufügen.",
  "The address of an incoming-webhook connector. Microsoft replaces these by workflows: for one, choose the Adaptive Card.":
    "Die Adresse eines Connectors für eingehende Webhooks. Microsoft ersetzt sie durch Workflows: dafür die Adaptive Card wählen.",
  'In Teams, make a workflow of the kind "Post to a channel when a webhook request is received" and copy its URL.':
    "In Teams einen Workflow der Art „Beim Empfang einer Webhook-Anforderung in einem Kanal posten“ erstellen und seine URL kopieren.",
  "Make a bot with @BotFather and put its token into the address. The chat's id goes behind chat_id=; a group's is negative.":
    "Mit @BotFather einen Bot erstellen und sein Token in die Adresse einsetzen. Die ID des Chats steht hinter chat_id=; die einer Gruppe ist negativ.",
  'Add the integration "Events API V2" to a service and enter its key as the custom field routing_key.':
    "Einem Dienst die Integration „Events API V2“ hinzufügen und ihren Schlüssel als eigenes Feld routing_key eingeben.",
  "Make an application in Gotify and put its token into the address, or into the header X-Gotify-Key.":
    "In Gotify eine Anwendung erstellen und ihr Token in die Adresse oder den Header X-Gotify-Key einsetzen.",
  "The address ends in the topic. Title, Priority, Tags and Click go along as headers; for a topic that is guarded add the header Authorization.":
    "Die Adresse endet mit dem Thema. Title, Priority, Tags und Click gehen als Header mit; für ein geschütztes Thema den Header Authorization hinzufügen.",
  "Enter the custom fields token (of an application made at pushover.net) and user (your user or group key).":
    "Die eigenen Felder token (einer auf pushover.net erstellten Anwendung) und user (Benutzer- oder Gruppenschlüssel) eingeben.",
  "In Mattermost: Integrations, Incoming Webhooks, Add.":
    "In Mattermost: Integrationen, Eingehende Webhooks, Hinzufügen.",
  "The address names the room; the user has to be in it. Enter that user's access token as the custom field access_token.":
    "Die Adresse nennt den Raum; der Benutzer muss darin sein. Dessen Zugriffstoken als eigenes Feld access_token eingeben.",
};
