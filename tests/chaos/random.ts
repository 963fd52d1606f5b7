// Reproducible random numbers: the same seed gives the same sequence.

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Returns a number from 0 to below 1, by mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Returns a whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  /** Returns each name with its probability, and undefined with the remaining one. */
  choose<Name extends string>(probabilities: Readonly<Partial<Record<Name, number>>>): Name | undefined {
    let rest = this.next();
    for (const [name, probability] of Object.entries(probabilities) as [Name, number][]) {
      rest -= probability;
      if (rest < 0) return name;
    }
    return undefined;
  }

  /** Returns an independent sequence: drawing from one does not advance the other. */
  fork(): Random {
    return new Random(this.below(2 ** 32));
  }
}
