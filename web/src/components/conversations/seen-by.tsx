// Below this person's last message in a conversation: who has read it.
import { useComputed } from "@preact/signals";
import { conversationIn } from "../../state/conversations.ts";
import { messages } from "../../state/joined-room.ts";
import { listNames } from "../../text/count.ts";

/** More names would take more than a line. */
const NAMES_SHOWN = 3;

export function SeenBy({ roomId, seq }: { roomId: string; seq: number }) {
  const text = useComputed(() => {
    const last = messages.value.findLast((message) => message.own && message.status === "sent");
    const conversation = conversationIn(roomId);
    if (last?.seq !== seq || !conversation) return "";
    const [, ...others] = conversation.members;
    const readers = others.filter(({ read = 0 }) => read >= seq).map(({ name }) => name);
    if (readers.length === 0) return "";
    return conversation.kind === "direct" ? "Seen" : `Seen by ${listNames(readers, NAMES_SHOWN)}`;
  }).value;
  return text ? <p class="status seen-by">{text}</p> : null;
}
