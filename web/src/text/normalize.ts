// Prepares what people type: normalizes it as the server does, and counts it in Unicode scalar values, the unit of all
// length limits.
import { isBlank } from "./blank.ts";

const loneSurrogates = /\p{Surrogate}/gu;

/** Replaces lone surrogates, which some keyboards leave behind, by U+FFFD. The server refuses invalid Unicode. */
export function wellFormed(text: string): string {
  return text.replace(loneSurrogates, "\uFFFD");
}

export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

const forbidden = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/**
 * Returns a name or topic as the server stores it: one line, trimmed, NFC, without control and direction-override
 * characters; empty if nothing in it is visible.
 */
export function cleanName(text: string): string {
  const name = wellFormed(text).replace(forbidden, " ").normalize("NFC").trim();
  return isBlank(name) ? "" : name;
}
