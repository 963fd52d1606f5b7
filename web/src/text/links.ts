// Finds addresses in what people write. Only http, https and mailto become links; everything else stays text.

export type Piece = { text: string; href?: string };

const address = /\b(?:https?:\/\/|mailto:)[^\s<>"\p{Cc}\u202A-\u202E\u2066-\u2069]+/giu;
const trailing = /[.,;:!?'’”»*_~]+$/;
const brackets: readonly [open: string, close: string][] = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
];

export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const shown = withoutTail(match[0]);
    const href = safeHref(shown);
    if (!href) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: shown, href });
    end = match.index + shown.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** Drops the punctuation of the sentence around the address, and closing brackets that were opened before it. */
function withoutTail(found: string): string {
  const shown = found.replace(trailing, "");
  for (const [open, close] of brackets) {
    if (shown.endsWith(close) && shown.split(close).length > shown.split(open).length)
      return withoutTail(shown.slice(0, -1));
  }
  return shown;
}

function safeHref(shown: string): string | undefined {
  if (!URL.canParse(shown)) return undefined;
  const url = new URL(shown);
  return url.protocol === "mailto:" && url.pathname === "" ? undefined : url.href;
}
