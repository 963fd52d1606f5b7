// Tells how much still fits, once that matters, and what to do with a text that is too long.
import { MESSAGE_LENGTH } from "../../text/normalize.ts";

const SHOWN_FROM = MESSAGE_LENGTH - 400;

const numbers = new Intl.NumberFormat();

export function LengthNote({ length }: { length: number }) {
  const left = MESSAGE_LENGTH - length;
  return (
    <p class={left < 0 ? "length-note problem" : "length-note"} id="length-note">
      {length >= SHOWN_FROM && (left < 0 ? tooLong(length) : `${numbers.format(left)} characters left`)}
    </p>
  );
}

function tooLong(length: number): string {
  const limit = numbers.format(MESSAGE_LENGTH);
  return `A message can have ${limit} characters, this one has ${numbers.format(length)}. Shorten it, or send it in parts.`;
}
