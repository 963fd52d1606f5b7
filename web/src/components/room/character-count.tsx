// Counts the characters left, once the text is near the limit, and explains a text that is too long.
import { limits } from "../../../../client/src/index.ts";
import { formatNumber } from "../../text/count.ts";

const SHOWN_FROM = limits.textLength - 400;

export function CharacterCount({ length }: { length: number }) {
  const left = limits.textLength - length;
  return (
    <p class={left < 0 ? "character-count problem" : "character-count"} id="character-count">
      {length >= SHOWN_FROM && (left < 0 ? tooLong(length) : `${formatNumber(left)} characters left`)}
    </p>
  );
}

function tooLong(length: number): string {
  const limit = formatNumber(limits.textLength);
  return `This message has ${formatNumber(length)} characters. The limit is ${limit}: shorten it, or send it in parts.`;
}
