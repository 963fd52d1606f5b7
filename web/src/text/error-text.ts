// The texts that the page shows for errors. The server's own messages are for developers and are never shown.

import { ParlorError, type ParlorErrorCode } from "../../../client/src/index.ts";
import { brandName } from "../../brand.ts";

export const SESSION_REFUSED = "Your session is no longer valid.";

const sentences: Record<ParlorErrorCode, string> = {
  badFrame: "This page may be out of date. Reload it, then try again.",
  frameTooLarge: "This is too long.",
  unknownAction: "This page may be out of date. Reload it, then try again.",
  invalidField: "This contains something that is not allowed. Change it, then try again.",
  unauthorized: `${SESSION_REFUSED} Reload the page, then try again.`,
  forbidden: "You are not allowed to do that.",
  roomNotFound: "Room not found.",
  roomClosed: "The room is closed.",
  passRequired: "The room has a new password. Open the room again to enter it.",
  wrongPassword: "This is not the room's password. Check it, then try again.",
  nameTaken: "Somebody in the room has this name, or one that looks like it. Choose another.",
  personNotFound: "Nobody has this handle or ID, or they are offline.",
  alreadyLinked: "This account has rooms and conversations of its own. Those of the guest stay with the guest.",
  handleTaken: "Somebody else has this handle, or one that looks like it. Choose another.",
  tooManyMembers: "A group has at most 100 people.",
  tooManyConnections: `${brandName} is open in too many tabs or devices. Close some, then try again.`,
  blocked: "This person does not accept messages from you.",
  banned: "A moderator banned you from this room.",
  muted: "A moderator muted you. You can read, but not write.",
  roomLocked: "Only moderators can write here at the moment.",
  slowMode: "The room is in slow mode. Wait a moment, then try again.",
  messageRefused: "This contains something that is not allowed. Change it, then try again.",
  held: "Waiting for a moderator.",
  tooManyHeld: "This room already has too many held messages.",
  notJoined: "You are no longer in this room. Open it again.",
  messageNotFound: "This message no longer exists.",
  messageDeleted: "This message was deleted.",
  tooManyReactions: "This message already has too many reactions.",
  tooManyReports: "This room already has too many reports.",
  idReused: `${brandName} mistook this for something you already sent. Try again.`,
  tooManyRooms: "You have too many open rooms. Close one, then try again.",
  roomFull: "The room is full. Try again when someone has left.",
  connectionExpired: "The connection was lost. Try again.",
  rateLimited: "Too many requests. Wait a moment, then try again.",
  unavailable: `${brandName} cannot be reached at the moment. Check your connection, then try again.`,
  disconnected: "The connection was lost before this was confirmed. Try again if it did not go through.",
  timeout: `${brandName} did not answer in time. Try again.`,
};

export function errorText(error: unknown): string {
  const known: Partial<Record<string, string>> = sentences;
  return (
    (error instanceof ParlorError && known[error.code]) || "Something went wrong. Reload the page, then try again."
  );
}

export function refusalText(code: ParlorErrorCode): string {
  return sentences[code];
}

/** Explains why the server refused a person's name that passed the form's own checks. */
export function nameErrorText(name: string): string {
  return hasInvisibleCharacters(name)
    ? INVISIBLE_CHARACTERS
    : "This name is reserved, or looks like one that is. Choose another.";
}

export function messageErrorText(error: unknown): string {
  return isRefusal(error, "invalidField") ? "The message is empty or too long." : errorText(error);
}

/** Explains why a message was not sent. */
export function sendErrorText(error: unknown): string {
  const isGone = isRefusal(error, "messageNotFound");
  return isGone ? "The message it replies to no longer exists. Try again to send it without." : messageErrorText(error);
}

/** Explains why the server refused a room's name, topic or rules, by the field that caused it. */
export function roomFormErrors(error: unknown, { name, topic }: { name: string; topic: string }) {
  if (!isRefusal(error, "invalidField")) return { form: errorText(error) };
  if (hasInvisibleCharacters(name)) return { name: INVISIBLE_CHARACTERS };
  if (hasInvisibleCharacters(topic)) return { topic: INVISIBLE_CHARACTERS };
  return { name: "This name is not allowed. Choose another." };
}

const INVISIBLE_CHARACTERS = "It contains invisible characters. Type it again without them.";

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
