// Work that must not happen at once: one item after another, at random times, so that many clients do not act together.

export class Staggered<Item> {
  readonly #work: (item: Item) => void;
  readonly #pauseMs: number;
  #waiting: Item[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `pauseMs`: the average time before each item. */
  constructor(work: (item: Item) => void, pauseMs: number) {
    this.#work = work;
    this.#pauseMs = pauseMs;
  }

  /** Works through these items, in their order, and forgets those of an earlier call. */
  start(items: readonly Item[]): void {
    this.stop();
    this.#waiting = [...items];
    this.#next();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    this.#timer = setTimeout(
      () => {
        const [item] = this.#waiting.splice(0, 1) as [Item];
        this.#next();
        this.#work(item);
      },
      this.#pauseMs * (0.5 + Math.random()),
    );
  }
}
