// Where the reader is in the log: at its end, or at what they see first. It is kept, whatever changes above or below.
// Browsers have scroll anchoring for this, but not all, and not at the end of the log.

/** Closer than this to the end counts as being there, in px. */
const NEAR_END = 40;

/** What keeps its place; a message's head comes and goes with the message before it. */
const ANCHORS = ".bubble, .room-notice, .day";

export class ReadingPlace {
  atEnd = true;
  /** Whether the end of what is in the document is the log's end. */
  hasEnd = true;
  readonly #log: HTMLElement;
  /** What is on the screen, the best to hold on to first, and how far below the log's upper edge. */
  #anchors: { element: Element; top: number }[] = [];
  #scrollHeight = 0;
  #clientHeight = 0;
  /** Where `keep` has put it; such a scroll is not the reader's. */
  #kept: number | undefined;

  constructor(log: HTMLElement) {
    this.#log = log;
  }

  /** To be called after each scroll. */
  scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#log;
    // The browser itself scrolls when there is less to scroll, and tells before a ResizeObserver does.
    if (scrollHeight !== this.#scrollHeight || clientHeight !== this.#clientHeight) this.keep();
    else if (scrollTop !== this.#kept) this.#remember();
  }

  /** To be called after everything that may have changed the log's content or size. */
  keep(): void {
    const log = this.#log;
    const anchor = this.#anchors.find(({ element }) => element.isConnected);
    // Nothing of what the reader saw is left: too much was missed.
    if (!anchor) this.atEnd = true;
    if (this.atEnd || !anchor) log.scrollTop = log.scrollHeight;
    else log.scrollTop += this.#below(anchor.element) - anchor.top;
    this.#kept = log.scrollTop;
    this.#scrollHeight = log.scrollHeight;
    this.#clientHeight = log.clientHeight;
  }

  toEnd(): void {
    this.atEnd = true;
    this.keep();
  }

  #remember(): void {
    const log = this.#log;
    this.#kept = undefined;
    this.atEnd = this.hasEnd && log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
    const onScreen = [];
    const edge = log.getBoundingClientRect().top;
    for (const element of log.querySelectorAll(ANCHORS)) {
      const top = element.getBoundingClientRect().top - edge;
      if (top >= log.clientHeight) break;
      if (top + element.clientHeight > 0) onScreen.push({ element, top });
    }
    // What is cut off by the upper edge comes last: it may grow, and then grows upwards.
    const [first, ...others] = onScreen;
    this.#anchors = first && first.top < 0 ? [...others, first] : onScreen;
  }

  #below(element: Element): number {
    return element.getBoundingClientRect().top - this.#log.getBoundingClientRect().top;
  }
}
