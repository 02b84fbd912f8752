/** Whether that code of an error is one of Node's for a certificate that is not right. */
export function isCertificateCode(code: string): boolean {
  return /CERT|ALTNAME|UNABLE_TO_|SELF_SIGNED/.test(code);
}
