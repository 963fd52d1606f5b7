// Which part of a long log is in the document: a few hundred entries around what is read. It moves when the reader comes
// near one of its ends, and grows with new entries while they read the newest.

/** What is needed of an entry: its number. What has none yet comes last. */
type Numbered = { readonly seq?: number };

/** The most entries in the document. */
export const MOST_SHOWN = 300;
/** At the end, it shrinks to this many before new ones come. */
const SHOWN_AT_END = 200;
const STEP = 100;
/** Positions up to here are numbers; from here on they count the entries without one. */
const UNNUMBERED = 2 ** 52;

export class LogWindow {
  /** The positions of its first and last entry, so that entries before it may come and go; no last one at the log's end. */
  #first = 0;
  #last: number | undefined;

  /** Whether new entries are shown. */
  get hasEnd(): boolean {
    return this.#last === undefined;
  }

  /** The range of the entries that are shown, `end` excluded. */
  range(entries: readonly Numbered[], atEnd: boolean): { start: number; end: number } {
    let follows = atEnd;
    let start = indexFrom(entries, this.#first);
    let end = this.#last === undefined ? entries.length : indexFrom(entries, this.#last + 1);
    if (start >= end) {
      // Other entries have taken their place.
      this.toEnd();
      follows = true;
      [start, end] = [0, entries.length];
    }
    if (end - start > MOST_SHOWN) {
      if (follows && this.hasEnd) start = end - SHOWN_AT_END;
      else end = start + MOST_SHOWN;
      this.#set(entries, start, end);
    }
    return { start, end };
  }

  /** Moves towards the beginning. False when it is there. */
  older(entries: readonly Numbered[]): boolean {
    const { start, end } = this.range(entries, false);
    if (start === 0) return false;
    const next = Math.max(0, start - STEP);
    this.#set(entries, next, Math.min(end, next + MOST_SHOWN));
    return true;
  }

  /** Moves towards the end. False when it is there. */
  newer(entries: readonly Numbered[]): boolean {
    if (this.hasEnd) return false;
    const { start, end } = this.range(entries, false);
    const next = Math.min(entries.length, end + STEP);
    this.#set(entries, Math.max(start, next - MOST_SHOWN), next);
    return true;
  }

  toEnd(): void {
    this.#last = undefined;
  }

  #set(entries: readonly Numbered[], start: number, end: number): void {
    this.#first = start === 0 ? 0 : positionOf(entries, start);
    this.#last = end === entries.length ? undefined : positionOf(entries, end - 1);
  }
}

function positionOf(entries: readonly Numbered[], index: number): number {
  return entries[index]?.seq ?? UNNUMBERED + index - indexFrom(entries, UNNUMBERED);
}

/** The index of the first entry at this position or a later one. */
function indexFrom(entries: readonly Numbered[], position: number): number {
  const seq = Math.min(position, UNNUMBERED);
  const at = entries.findIndex((entry) => (entry.seq ?? UNNUMBERED) >= seq);
  return at < 0 ? entries.length : Math.min(at + position - seq, entries.length);
}
