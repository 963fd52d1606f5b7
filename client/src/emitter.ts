// Typed events: `on` returns the function that unsubscribes. A listener that throws affects nobody else.

export class Emitter<Events extends { [event in keyof Events]: unknown[] }> {
  readonly #listeners: { [E in keyof Events]?: Set<(...args: Events[E]) => void> } = {};

  on<E extends keyof Events>(event: E, listener: (...args: Events[E]) => void): () => void {
    this.#listeners[event] ??= new Set();
    const listeners = this.#listeners[event].add(listener);
    return () => listeners.delete(listener);
  }

  protected emit<E extends keyof Events>(event: E, ...args: Events[E]): void {
    for (const listener of this.#listeners[event] ?? []) {
      try {
        listener(...args);
      } catch (error) {
        // It is reported as uncaught, and keeps nothing from the other listeners or from the client itself.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
