// What is said in one breath is shown as one group, and each day gets a heading.
import type { RoomMessage } from "../../../client/src/index.ts";
import { sameDay } from "./time.ts";

export interface MessageItem {
  message: RoomMessage;
  startsDay: boolean;
  startsGroup: boolean;
  endsGroup: boolean;
}

const GROUP_MS = 5 * 60 * 1000;

export function groupMessages(messages: readonly RoomMessage[]): MessageItem[] {
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const after = messages[index + 1];
    return {
      message,
      startsDay: !before || !sameDay(before.at, message.at),
      startsGroup: !before || !together(before, message),
      endsGroup: !after || !together(message, after),
    };
  });
}

function together(one: RoomMessage, next: RoomMessage): boolean {
  return (
    one.from.userId === next.from.userId &&
    one.from.name === next.from.name &&
    next.at - one.at < GROUP_MS &&
    sameDay(one.at, next.at)
  );
}
