import { clip } from "./wording.ts";

/** As much of a receiver's answer is kept. */
const LONGEST = 500;
const HIDDEN = "***";
/** What is shorter is no secret, and would be found everywhere. */
const SHORTEST = 4;
const SHORTEST_IN_URL = 8;
const SECRET_NAME = /auth|token|key|secret|password|passwd|cookie|credential/i;

/** Whether a header or field of that name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** `text` without the secrets, in whatever way they are escaped in it. */
export function masked(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter(secret => secret.length >= SHORTEST)
    .flatMap(secret => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed())])
    .sort((a, b) => b.length - a.length);
  return forms.reduce((rest, form) => rest.replaceAll(form, HIDDEN), text);
}

/** The first of a receiver's answer, in one line, without markup and without secrets: some echo the path that they were asked for. */
export function excerpt(answer: string, secrets: readonly string[]): string {
  const text = /^\s*</.test(answer)
    ? answer.replaceAll(/<(style|script|title)\b[\s\S]*?<\/\1>|<[^>]*>/gi, " ")
    : answer;
  return clip(masked(text, secrets), LONGEST);
}

/** What in a URL may be a secret: the parts of its path, the values of its query. */
export function secretsInUrl(url: URL): string[] {
  const parts = [...url.pathname.split("/"), ...url.searchParams.values(), url.password];
  return parts.filter(part => part.length >= SHORTEST_IN_URL);
}
