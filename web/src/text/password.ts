// Passwords of rooms.
import { limits } from "../../../client/src/index.ts";
import { lengthOf, wellFormed } from "./normalize.ts";

export function isPasswordLength(text: string): boolean {
  const length = lengthOf(cleanPassword(text));
  return length >= limits.shortestPassword && length <= limits.passwordLength;
}

/** As the server counts and compares it. */
export function cleanPassword(text: string): string {
  return wellFormed(text).normalize("NFC");
}
