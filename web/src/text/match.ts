// Finds texts by what people type, whatever the case and the accents.

const words = new Intl.Segmenter(undefined, { granularity: "word" });

/** The text without case, accents and variants of letters such as full width, for comparisons. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * How well a name fits a query, 0 being the best: it starts with the query, each word of the query starts one of its words, or
 * the query is somewhere in it. Undefined if it does not fit.
 */
export function matchRank(query: string, name: string): number | undefined {
  const wanted = fold(query).trim();
  const folded = fold(name);
  if (folded.startsWith(wanted)) return 0;
  const starts = [...words.segment(folded)].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
  if (wanted.split(/\s+/).every((part) => starts.some((word) => word.startsWith(part)))) return 1;
  return folded.includes(wanted) ? 2 : undefined;
}
