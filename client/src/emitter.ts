// Typed events.

export class Emitter<Events extends { [event in keyof Events]: unknown[] }> {
  readonly #listeners: { [E in keyof Events]?: Set<(...args: Events[E]) => void> } = {};

  /** Subscribes a listener. Returns a function that unsubscribes it. */
  on<E extends keyof Events>(event: E, listener: (...args: Events[E]) => void): () => void {
    this.#listeners[event] ??= new Set();
    const listeners = this.#listeners[event].add(listener);
    return () => listeners.delete(listener);
  }

  /** Calls every listener, even if one throws. */
  protected emit<E extends keyof Events>(event: E, ...args: Events[E]): void {
    for (const listener of this.#listeners[event] ?? []) {
      try {
        listener(...args);
      } catch (error) {
        // Report it as an uncaught error, outside of the client's own work.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
