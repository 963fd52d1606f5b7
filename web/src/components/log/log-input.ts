// Keys and long presses in the log, in a chunk of their own. Without it, the Tab key leads through every message's buttons.
import { hasFinePointer } from "../../browser/environment.ts";
import { handleLogKeys } from "./log-keys.ts";
import { handleLongPress } from "./long-press.ts";

/** Returns a function that ends it. */
export function handleLogInput(log: HTMLElement, scrollToBottom: () => void): () => void {
  const stops = [handleLogKeys(log, scrollToBottom), ...(hasFinePointer ? [] : [handleLongPress(log)])];
  return () => {
    for (const stop of stops) stop();
  };
}
