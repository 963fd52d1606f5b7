// Counts the characters left, once the text is near the limit, and explains a text that is too long.
import { formatNumber } from "../../text/count.ts";
import { MESSAGE_LENGTH } from "../../text/normalize.ts";

const SHOWN_FROM = MESSAGE_LENGTH - 400;

export function CharacterCount({ length }: { length: number }) {
  const left = MESSAGE_LENGTH - length;
  return (
    <p class={left < 0 ? "character-count problem" : "character-count"} id="character-count">
      {length >= SHOWN_FROM && (left < 0 ? tooLong(length) : `${formatNumber(left)} characters left`)}
    </p>
  );
}

function tooLong(length: number): string {
  const limit = formatNumber(MESSAGE_LENGTH);
  return `This message has ${formatNumber(length)} characters. The limit is ${limit}: shorten it, or send it in parts.`;
}
