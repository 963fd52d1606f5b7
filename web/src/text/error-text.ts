// The texts that the page shows for errors. The server's own messages are for developers and are never shown.
import { ParlorError, type ParlorErrorCode } from "../../../client/src/index.ts";

export const SESSION_REFUSED = "Parlor does not recognise you any more.";

const sentences: Record<ParlorErrorCode, string> = {
  badFrame: "This page may be out of date. Reload it, then try again.",
  frameTooLarge: "This is too long.",
  unknownAction: "This page may be out of date. Reload it, then try again.",
  invalidField: "Something in it is not allowed. Change it, then try again.",
  unauthorized: `${SESSION_REFUSED} Reload the page, then try again.`,
  forbidden: "You are not allowed to do that.",
  roomNotFound: "There is no such room.",
  roomClosed: "The room is closed.",
  notJoined: "You are not in this room any more. Open it again.",
  messageNotFound: "The message is not there any more.",
  messageDeleted: "The message was deleted.",
  tooManyReactions: "This message has too many reactions already.",
  idReused: "Parlor took this for something you had already sent. Try again.",
  tooManyRooms: "You have too many open rooms. Close one, then try again.",
  roomFull: "The room is full. Try again when somebody has left.",
  connectionExpired: "The connection was lost. Try again.",
  rateLimited: "That was too much at once. Wait a moment, then try again.",
  unavailable: "Parlor cannot be reached at the moment. Check your connection, then try again.",
  disconnected: "The connection was lost before this was confirmed. Try again if it has not happened.",
  timeout: "Parlor did not answer in time. Try again.",
};

export function errorText(error: unknown): string {
  const known: Partial<Record<string, string>> = sentences;
  return (
    (error instanceof ParlorError && known[error.code]) || "Something went wrong. Reload the page, then try again."
  );
}

/** Explains why the server refused a person's name that passed the form's own checks. */
export function nameErrorText(name: string): string {
  return hasInvisibleCharacters(name)
    ? INVISIBLE_CHARACTERS
    : "This name is reserved, or looks like one that is. Choose another.";
}

export function messageErrorText(error: unknown): string {
  return isRefusal(error, "invalidField") ? "The text is empty or too long." : errorText(error);
}

/** Explains why the server refused a new room, by the field that caused it. */
export function roomFormErrors(error: unknown, { name, topic }: { name: string; topic: string }) {
  if (!isRefusal(error, "invalidField")) return { form: errorText(error) };
  if (hasInvisibleCharacters(name)) return { name: INVISIBLE_CHARACTERS };
  if (hasInvisibleCharacters(topic)) return { topic: INVISIBLE_CHARACTERS };
  return { name: "This name is not allowed. Choose another." };
}

const INVISIBLE_CHARACTERS = "It contains characters that cannot be seen. Type it again without them.";

const joinedEmoji = /\p{Emoji}[\u200D\uFE0E\uFE0F]+/gu;
const directionMarks = /[\u200E\u200F]/g;

/** Approximates the server's rule, which decides. Used only to explain a refusal. */
function hasInvisibleCharacters(text: string): boolean {
  const rest = text.replace(joinedEmoji, "x").replace(directionMarks, "");
  return rest.trim() === "" ? text !== "" : /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u.test(rest);
}

export function isRefusal(error: unknown, code: ParlorErrorCode): boolean {
  return error instanceof ParlorError && error.code === code;
}
