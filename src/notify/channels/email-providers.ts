/** How to reach a mail provider. */
interface EmailProvider {
  name: string;
  smtpHost: string;
  smtpPort: number;
  /** TLS from the first byte. */
  tls: boolean;
  startTLS: boolean;
  authRequired: boolean;
  instructions: string;
}

const startTls = { smtpPort: 587, tls: false, startTLS: true, authRequired: true } as const;

/** Presets for the settings of the e-mail channel. */
export const EMAIL_PROVIDERS: readonly EmailProvider[] = [
  {
    name: "Gmail",
    smtpHost: "smtp.gmail.com",
    ...startTls,
    instructions: "Use an app password (it needs 2-step verification), not the password of the account.",
  },
  {
    name: "Outlook / Microsoft 365",
    smtpHost: "smtp.office365.com",
    ...startTls,
    instructions: "SMTP AUTH has to be allowed for the mailbox; Outlook.com takes no passwords any more.",
  },
  {
    name: "Yahoo Mail",
    smtpHost: "smtp.mail.yahoo.com",
    ...startTls,
    instructions: "Use an app password, made under Account security.",
  },
  {
    name: "iCloud Mail",
    smtpHost: "smtp.mail.me.com",
    ...startTls,
    instructions: "Use an app-specific password, made at account.apple.com.",
  },
  {
    name: "SendGrid",
    smtpHost: "smtp.sendgrid.net",
    ...startTls,
    instructions: 'The username is the word "apikey", the password an API key that may send mail.',
  },
  {
    name: "Mailgun",
    smtpHost: "smtp.mailgun.org",
    ...startTls,
    instructions: "Use the SMTP credentials of the domain. Domains in the EU are at smtp.eu.mailgun.org.",
  },
  {
    name: "Amazon SES",
    smtpHost: "email-smtp.us-east-1.amazonaws.com",
    ...startTls,
    instructions: "Put your region into the server's name. Use SMTP credentials, which are not the access keys.",
  },
  {
    name: "Postmark",
    smtpHost: "smtp.postmarkapp.com",
    ...startTls,
    instructions: "Username and password are both the server's API token.",
  },
  {
    name: "Brevo",
    smtpHost: "smtp-relay.brevo.com",
    ...startTls,
    instructions: "Use the login and the SMTP key that are shown under SMTP & API.",
  },
  {
    name: "Zoho Mail",
    smtpHost: "smtp.zoho.com",
    ...startTls,
    instructions: "Use an app password when two-factor sign-in is on. Accounts in the EU are at smtp.zoho.eu.",
  },
  {
    name: "Fastmail",
    smtpHost: "smtp.fastmail.com",
    smtpPort: 465,
    tls: true,
    startTLS: false,
    authRequired: true,
    instructions: "Use an app password, made under Privacy & Security.",
  },
  {
    name: "Proton Mail",
    smtpHost: "smtp.protonmail.ch",
    ...startTls,
    instructions: "Use an SMTP token, made in the settings of the domain; it needs a paid plan.",
  },
  {
    name: "Own server",
    smtpHost: "",
    ...startTls,
    instructions: "Ask who runs it: port 587 is for STARTTLS, 465 for TLS, 25 for a relay on your own network.",
  },
];
