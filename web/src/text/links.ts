// Finds links in message text: http, https and mailto addresses, and those without a scheme that start with www. or are an
// e-mail address. Everything else stays text.

export type Piece = { text: string; href?: string };

// Punctuation and brackets of Chinese and Japanese, and the compatibility, small and full-width forms. Leaves out the
// letters in these ranges, as in 佐々木.example, and the dot of アクロス・ザ.example.
const fullWidth =
  "\\u3001-\\u3004\\u3008-\\u3020\\u3030\\u303D\\uFE10-\\uFE19\\uFE30-\\uFE6F\\uFF01-\\uFF0F\\uFF1A-\\uFF20\\uFF3B-\\uFF40\\uFF5B-\\uFF65";
// It starts at the first character that can be part of one, so that a long word is read only once.
const email =
  "(?<![\\p{L}\\p{N}._+:/@-])[\\p{L}\\p{N}._+-]{1,64}@[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)+(?![\\p{L}\\p{N}@-])";
const address = new RegExp(
  `(?<![a-z0-9])(?:https?://|mailto:|www\\.(?=[\\p{L}\\p{N}]))[^\\s<>"\`\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069${fullWidth}]+|${email}`,
  "giu",
);
/** Punctuation of any script that ends the sentence around an address. */
const trailingPunctuation = /[.,;:!?'*_~]|[^\p{ASCII}\P{P}]/u;
const openingOf: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const shown = trimEnd(match[0]);
    const href = safeHref(shown);
    if (!href) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: shown, href });
    end = match.index + shown.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** Drops punctuation that belongs to the sentence, and closing brackets whose opening one is before the address. */
function trimEnd(found: string): string {
  const counts = new Map<string, number>();
  for (const char of found) counts.set(char, (counts.get(char) ?? 0) + 1);
  const count = (char: string) => counts.get(char) ?? 0;
  let end = found.length;
  for (; end > 0; end--) {
    const last = found.charAt(end - 1);
    if (trailingPunctuation.test(last)) continue;
    const open = openingOf[last];
    if (open === undefined || count(last) <= count(open)) break;
    counts.set(last, count(last) - 1);
  }
  return found.slice(0, end);
}

function safeHref(shown: string): string | undefined {
  const scheme = /^(?:https?|mailto):/i.test(shown) ? "" : /^www\./i.test(shown) ? "https://" : "mailto:";
  if (!URL.canParse(scheme + shown)) return undefined;
  const url = new URL(scheme + shown);
  return url.protocol === "mailto:" && url.pathname === "" ? undefined : url.href;
}
