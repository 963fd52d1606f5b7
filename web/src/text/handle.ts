// What people type as a handle, and why it was refused.
import { errorText, isRefusal } from "./error-text.ts";

export function withoutAt(text: string): string {
  return text.trim().replace(/^@/, "");
}

/** Explains why a handle could not be claimed. */
export function handleErrorText(error: unknown): string {
  return isRefusal(error, "invalidField")
    ? "This is not allowed as a handle: it begins with a letter or digit, has nothing but letters, digits, _ and single . or - in between, and is not a reserved name."
    : errorText(error);
}

/** Explains why nobody was found. */
export function lookUpErrorText(handle: string, error: unknown): string {
  return isRefusal(error, "personNotFound") || isRefusal(error, "invalidField")
    ? `Nobody has the handle ${handle}.`
    : errorText(error);
}
