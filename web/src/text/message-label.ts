// Labels that tell screen readers which message a button belongs to.
import type { RoomMessage } from "../../../client/src/index.ts";

const EXCERPT_LENGTH = 40;

/** `Ada's message: Hello…` or `your message: Hello…` */
export function messageLabel({ own, from, text, deletedAt }: RoomMessage): string {
  const whose = own ? "your message" : `${from.name}'s message`;
  return deletedAt ? whose : `${whose}: ${excerpt(text)}`;
}

/** One line of at most this many characters. */
export function excerpt(text: string, length = EXCERPT_LENGTH): string {
  const characters = [
    ...text
      .slice(0, 4 * length)
      .replace(/\s+/g, " ")
      .trim(),
  ];
  return characters.length > length ? `${characters.slice(0, length).join("")}…` : characters.join("");
}
