// The limits of docs/protocol.md that the page explains before the server has to. Lengths are in Unicode scalar values.

import { isBlank } from "./blank.ts";

export const MESSAGE_LENGTH = 4000;
export const PERSON_NAME_LENGTH = 32;
export const ROOM_NAME_LENGTH = 80;
export const TOPIC_LENGTH = 200;

const loneSurrogates = /\p{Surrogate}/gu;

/** The server refuses broken Unicode; a half of a surrogate pair, as some keyboards leave behind, becomes U+FFFD. */
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
 * A name or topic as the server stores it: one line, trimmed, NFC, without control and direction-override characters; empty
 * if it shows nothing.
 */
export function cleanName(text: string): string {
  const name = wellFormed(text).replace(forbidden, " ").normalize("NFC").trim();
  return isBlank(name) ? "" : name;
}
