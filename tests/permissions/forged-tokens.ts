// Forged tokens, made with the stage's key or with another one, and forged signatures.

import { encode, hs256 } from "../support/jwt.ts";
import type { Forger } from "./actor-names.ts";

const HOUR = 60 * 60;

export function forgeTokens(token: string, key: string): Record<Forger, string> {
  if (sign(token, key, {}) !== token)
    throw new Error("The stage signs tokens differently, so forged tokens would prove nothing.");
  return {
    expired: sign(token, key, { exp: Math.floor(Date.now() / 1000) - HOUR }),
    otherStage: sign(token, key, { aud: "other" }),
    otherKey: sign(token, `another ${key}`, {}),
  };
}

/** Replaces the signature of a token, a pass or a cursor. */
export const forgeSignature = (signed: string): string =>
  signed.replace(/[^.]+$/, (signature) => "A".repeat(signature.length));

/** Signs the token again, with some claims replaced. */
function sign(token: string, key: string, claims: object): string {
  const [header, payload = ""] = token.split(".");
  const changed = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), ...claims };
  return hs256(`${header}.${encode(changed)}`, key);
}
