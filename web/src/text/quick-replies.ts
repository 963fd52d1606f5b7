// The answers that a bot suggests.
import {
  isConversation,
  type Mentions,
  type Person,
  type QuickReply,
  type RoomMessage,
} from "../../../client/src/index.ts";

/** Returns the message whose suggestions are for this person: a bot's answer to them, if they have written nothing since. */
export function suggesting(messages: readonly RoomMessage[]): RoomMessage | undefined {
  const isToYou = ({ quickReplies, replyTo }: RoomMessage) =>
    quickReplies !== undefined &&
    messages.some(({ own, epoch, seq }) => own && seq === replyTo?.seq && epoch === replyTo?.epoch);
  const last = messages.findLast((message) => message.own || isToYou(message));
  return last?.own ? undefined : last;
}

/** Returns what to send for a suggestion. In a room, a message reaches a bot only if it mentions it. */
export function answerTo(roomId: string, bot: Person, { value }: QuickReply): [text: string, mentions: Mentions] {
  return isConversation(roomId) ? [value, {}] : [`@${bot.name} ${value}`, { mentions: [bot.userId] }];
}
