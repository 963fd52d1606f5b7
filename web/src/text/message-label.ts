// Labels that tell screen readers which message a button belongs to.
import type { RoomMessage } from "../../../client/src/index.ts";

const EXCERPT_LENGTH = 40;

/** `Ada's message: Hello…` or `your message: Hello…` */
export function messageLabel({ own, from, text, deletedAt }: RoomMessage): string {
  const whose = own ? "your message" : `${from.name}'s message`;
  return deletedAt ? whose : `${whose}: ${excerpt(text)}`;
}

export function excerpt(text: string): string {
  const characters = [
    ...text
      .slice(0, 4 * EXCERPT_LENGTH)
      .replace(/\s+/g, " ")
      .trim(),
  ];
  return characters.length > EXCERPT_LENGTH ? `${characters.slice(0, EXCERPT_LENGTH).join("")}…` : characters.join("");
}
