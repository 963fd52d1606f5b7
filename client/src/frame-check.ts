// Checks a frame before it is sent. The server cannot read such a frame, so its refusal could not carry the frame's id.

import { ParlorError } from "./errors.ts";
import { type ClientFrame, limits } from "./protocol.ts";

const utf8 = new TextEncoder();

/** Returns `invalidField` if the server could not read the frame. */
export function unreadable(frame: ClientFrame): ParlorError | undefined {
  const text = JSON.stringify(frame);
  // JSON.stringify escapes lone surrogates, so they are found in the values.
  if (Object.values(frame).some(isBroken)) return invalid("The text is not valid Unicode.");
  if (utf8.encode(text).length > limits.frameBytes) return invalid("The text is too long.");
  return undefined;
}

function isBroken(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isBroken) : typeof value === "string" && /\p{Surrogate}/u.test(value);
}

function invalid(message: string): ParlorError {
  return new ParlorError("invalidField", message, false);
}
