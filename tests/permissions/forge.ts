// Tokens that somebody would make who had the stage's key, and those that somebody makes who has not.

import { encode, hs256 } from "../support/jwt.ts";
import type { Forger } from "./who.ts";

const HOUR = 60 * 60;

export function forge(token: string, key: string): Record<Forger, string> {
  const again = signed(token, key, {});
  if (again !== token) throw new Error("The stage does not sign tokens so: nothing would be learnt from forged ones.");
  return {
    expired: signed(token, key, { exp: Math.floor(Date.now() / 1000) - HOUR }),
    otherStage: signed(token, key, { aud: "other" }),
    otherKey: signed(token, `another ${key}`, {}),
  };
}

/** The same token with other claims, under this key. */
function signed(token: string, key: string, claims: object): string {
  const [header, payload = ""] = token.split(".");
  const changed = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), ...claims };
  return hs256(`${header}.${encode(changed)}`, key);
}
