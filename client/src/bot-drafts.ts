// What bots have written so far of their answers in a room. A class of its own, so that applications without it do not load it.

import type { Draft } from "./protocol.ts";
import type { Room } from "./room.ts";

/** A bot whose function died writes no further: its job begins again a minute later. */
const SHOWN_MS = 60_000;

export class BotDrafts {
  readonly #room: Room;
  readonly #changed: () => void;
  readonly #drafts = new Map<string, { draft: Draft; timer: ReturnType<typeof setTimeout> }>();
  readonly #unsubscribe: readonly (() => void)[];

  /** `changed` is called after each change of `current`, until `stop`. */
  constructor(room: Room, changed: () => void) {
    this.#room = room;
    this.#changed = changed;
    this.#unsubscribe = [
      room.on("draft", (draft) => this.#add(draft)),
      room.on("change", () => this.#removeOver()),
      room.on("left", () => this.#removeOver()),
    ];
  }

  /** In the order in which they were begun. */
  get current(): Draft[] {
    return [...this.#drafts.values()].map(({ draft }) => draft);
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const key of [...this.#drafts.keys()]) this.#remove(key);
  }

  #add(draft: Draft): void {
    // It may come after its answer.
    if (this.#isOver(draft)) return;
    const key = `${draft.seq} ${draft.from.userId}`;
    clearTimeout(this.#drafts.get(key)?.timer);
    const timer = setTimeout(() => {
      this.#remove(key);
      this.#changed();
    }, SHOWN_MS);
    this.#drafts.set(key, { draft, timer });
    this.#changed();
  }

  #removeOver(): void {
    const over = [...this.#drafts].filter(([, { draft }]) => this.#isOver(draft));
    for (const [key] of over) this.#remove(key);
    if (over.length > 0) this.#changed();
  }

  #isOver({ epoch, seq, from }: Draft): boolean {
    if (!this.#room.joined || epoch !== this.#room.epoch) return true;
    return this.#room.messages.some((message) => message.replyTo?.seq === seq && message.from.userId === from.userId);
  }

  #remove(key: string): void {
    clearTimeout(this.#drafts.get(key)?.timer);
    this.#drafts.delete(key);
  }
}
