// Keeps the reader's place in the log when content above or below changes: at the end, or at the first thing on screen.
// Replaces the browsers' scroll anchoring, which not all of them have and which does not work at the end of the log.

/** The distance from the end, in px, up to which the reader counts as being at the end. */
const NEAR_END = 40;

/** Between the log's top edge and an element that it shows, in px. */
const MARGIN = 24;

/** Elements to anchor to. Not a message's header, which comes and goes with the message before it. */
const ANCHORS = ".bubble, .room-notice, .day";

export class ScrollAnchor {
  atEnd = true;
  /** Whether the last rendered entry is the last one of the log. Set it before each call. */
  showsEnd = true;
  readonly #log: HTMLElement;
  /** The elements on screen, the best anchor first, with their distance from the log's top edge. */
  #anchors: { element: Element; top: number }[] = [];
  #scrollHeight = 0;
  #clientHeight = 0;
  /** The scroll position that `restore` has set. A scroll event with this position is not the reader's. */
  #restoredTop: number | undefined;

  constructor(log: HTMLElement) {
    this.#log = log;
  }

  /** Where the reader is, in the log's numbers. Undefined at the end. */
  get place(): { seq: number; top: number } | undefined {
    if (this.atEnd) return undefined;
    for (const { element, top } of this.#anchors) {
      const seq = Number(element.closest<HTMLElement>("[data-seq]")?.dataset.seq);
      if (seq > 0) return { seq, top };
    }
    return undefined;
  }

  /** Call it after each scroll event. */
  scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#log;
    // When the content shrinks, the browser scrolls by itself, and its scroll event precedes the ResizeObserver.
    if (scrollHeight !== this.#scrollHeight || clientHeight !== this.#clientHeight) this.restore();
    else if (scrollTop !== this.#restoredTop) this.#capture();
  }

  /** Call it after anything that may have changed the log's content or size. */
  restore(): void {
    const log = this.#log;
    // Once the log is removed, the place stays what it was.
    if (!log.isConnected) return;
    const anchor = this.#anchors.find(({ element }) => element.isConnected);
    // If none of them is left, the log was replaced.
    if (!anchor) this.atEnd = true;
    if (this.atEnd || !anchor) log.scrollTop = log.scrollHeight;
    else log.scrollTop += this.#topOf(anchor.element) - anchor.top;
    this.#restoredTop = log.scrollTop;
    this.#scrollHeight = log.scrollHeight;
    this.#clientHeight = log.clientHeight;
  }

  scrollToEnd(): void {
    this.atEnd = true;
    this.restore();
  }

  /** Scrolls to the middle of this entry, or to its start if it is higher than the log; with `top`, to its former `place`. */
  show(entry: Element, top?: number): void {
    const log = this.#log;
    const element = top === undefined ? entry : (entry.querySelector(ANCHORS) ?? entry);
    log.scrollTop += this.#topOf(element) - (top ?? Math.max(MARGIN, (log.clientHeight - element.clientHeight) / 2));
    this.#scrollHeight = log.scrollHeight;
    this.#clientHeight = log.clientHeight;
    this.#capture();
  }

  #capture(): void {
    const log = this.#log;
    this.#restoredTop = undefined;
    this.atEnd = this.showsEnd && log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
    const onScreen = [];
    const edge = log.getBoundingClientRect().top;
    for (const element of log.querySelectorAll(ANCHORS)) {
      const top = element.getBoundingClientRect().top - edge;
      if (top >= log.clientHeight) break;
      if (top + element.clientHeight > 0) onScreen.push({ element, top });
    }
    // An element cut off by the top edge is the last choice: if it grows, it grows upwards.
    const [first, ...others] = onScreen;
    this.#anchors = first && first.top < 0 ? [...others, first] : onScreen;
  }

  #topOf(element: Element): number {
    return element.getBoundingClientRect().top - this.#log.getBoundingClientRect().top;
  }
}
