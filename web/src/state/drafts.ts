// Unsent text of each room's composer. It survives leaving the room and a reload.
import { roomStore } from "./room-store.ts";

const stored = roomStore<string>("draft", 20);

/** This tab's drafts. What another tab of the same room writes is stored too, but does not replace them. */
const drafts = new Map<string, string>();

export function getDraft(roomId: string): string {
  const draft = drafts.get(roomId) ?? stored.load(roomId);
  return typeof draft === "string" ? draft : "";
}

export function saveDraft(roomId: string, text: string): void {
  drafts.set(roomId, text);
  if (text) stored.save(roomId, text);
  else stored.remove(roomId);
}
