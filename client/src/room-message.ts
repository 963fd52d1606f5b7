// Messages as the application sees them.

import type { Message, Person } from "./protocol.ts";
import type { RoomMessage, SendOptions } from "./types.ts";

/** Returns an own message that is about to be sent. */
export function pendingMessage(
  id: string,
  from: Person,
  text: string,
  { at = Date.now(), replyTo, mentions = [], mentionsRoom = false }: SendOptions,
): RoomMessage {
  const reply = replyTo && { replyTo };
  return { id, from, text, at, ...reply, mentions, mentionsRoom, own: true, status: "pending", reactions: [] };
}

/** Returns a message of the log. */
export function sentMessage(message: Message, own: boolean): RoomMessage {
  const { id, from, text, at, epoch, seq, replyTo, mentions = [], mentionsRoom = false } = message;
  const { editedAt, deletedAt, reactions = [], quickReplies } = message;
  const reply = replyTo !== undefined && { replyTo: { epoch, seq: replyTo } };
  const changes = { ...(editedAt !== undefined && { editedAt }), ...(deletedAt !== undefined && { deletedAt }) };
  const about = { id, from, text, at, ...reply, mentions, mentionsRoom, ...(quickReplies && { quickReplies }) };
  return { ...about, epoch, seq, own, status: "sent", ...changes, reactions };
}
