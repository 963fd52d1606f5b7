// The formats of settings that are addresses.

/** Only the local stage may trust an issuer on this machine without a certificate. */
export function isIssuer(text: string, mayBeLocal: boolean): boolean {
  if (!URL.canParse(text) || /[\s?#]/.test(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || (mayBeLocal && protocol === "http:" && /^(127\.0\.0\.1|localhost)$/.test(hostname));
}

export function isWebAclArn(text: string): boolean {
  return /^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/.test(text);
}

export function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
