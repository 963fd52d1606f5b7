// Selects which part of a long log is rendered: a few hundred entries around the reading position. The window moves
// when the reader scrolls near one of its ends, and grows with new entries while they read the newest.

/** An entry's number in the log; unsent messages have none and come last. */
type Numbered = { readonly seq?: number };

/** The most entries that are rendered. */
export const MAX_RENDERED = 300;
/** At the end of the log, a window that is too large shrinks to this many entries. */
const RENDERED_AT_END = 200;
const STEP = 100;
/** Positions below this are numbers; from here on, positions count the entries without a number. */
const UNNUMBERED = 2 ** 52;

export class LogWindow {
  /**
   * Positions of the first and last rendered entry. Unlike indices, they stay valid when entries before them come and
   * go. No last position means that the window is open at the end of the log.
   */
  #first = 0;
  #last: number | undefined;

  /** Whether new entries become part of the window. */
  get isOpenEnded(): boolean {
    return this.#last === undefined;
  }

  /** Returns the indices of the rendered entries, `end` excluded. `atEnd`: the reader is at the end of the log. */
  range(entries: readonly Numbered[], atEnd: boolean): { start: number; end: number } {
    let follows = atEnd;
    let start = indexFrom(entries, this.#first);
    let end = this.#last === undefined ? entries.length : indexFrom(entries, this.#last + 1);
    if (start >= end) {
      // None of the window's entries are left: the log was replaced.
      this.moveToEnd();
      follows = true;
      [start, end] = [0, entries.length];
    }
    if (end - start > MAX_RENDERED) {
      if (follows && this.isOpenEnded) start = end - RENDERED_AT_END;
      else end = start + MAX_RENDERED;
      this.#set(entries, start, end);
    }
    return { start, end };
  }

  /** Moves toward the start of the log. Returns false if it is there already. */
  moveUp(entries: readonly Numbered[]): boolean {
    const { start, end } = this.range(entries, false);
    if (start === 0) return false;
    const next = Math.max(0, start - STEP);
    this.#set(entries, next, Math.min(end, next + MAX_RENDERED));
    return true;
  }

  /** Moves toward the end of the log. Returns false if it is there already. */
  moveDown(entries: readonly Numbered[]): boolean {
    if (this.isOpenEnded) return false;
    const { start, end } = this.range(entries, false);
    const next = Math.min(entries.length, end + STEP);
    this.#set(entries, Math.max(start, next - MAX_RENDERED), next);
    return true;
  }

  /** Moves so that this entry is rendered, with others around it. */
  moveTo(entries: readonly Numbered[], index: number): void {
    const start = Math.max(0, index - STEP);
    this.#set(entries, start, Math.min(entries.length, start + MAX_RENDERED));
  }

  moveToEnd(): void {
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

/** Returns the index of the first entry at this position or a later one. */
function indexFrom(entries: readonly Numbered[], position: number): number {
  const seq = Math.min(position, UNNUMBERED);
  const at = entries.findIndex((entry) => (entry.seq ?? UNNUMBERED) >= seq);
  return at < 0 ? entries.length : Math.min(at + position - seq, entries.length);
}
