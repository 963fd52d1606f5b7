// Names a message for screen readers, which meet the same buttons at every message.
import type { RoomMessage } from "../../../client/src/index.ts";

const EXCERPT = 40;

/** `Ada's message: Hello…` or `your message: Hello…` */
export function describe({ own, from, text, deletedAt }: RoomMessage): string {
  const whose = own ? "your message" : `${from.name}'s message`;
  return deletedAt ? whose : `${whose}: ${excerpt(text)}`;
}

export function excerpt(text: string): string {
  const characters = [
    ...text
      .slice(0, 4 * EXCERPT)
      .replace(/\s+/g, " ")
      .trim(),
  ];
  return characters.length > EXCERPT ? `${characters.slice(0, EXCERPT).join("")}…` : characters.join("");
}
