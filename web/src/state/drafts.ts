// Unsent text of each room's composer. It survives leaving the room, but not a reload.

const drafts = new Map<string, string>();

export function getDraft(roomId: string): string {
  return drafts.get(roomId) ?? "";
}

export function saveDraft(roomId: string, text: string): void {
  if (text) drafts.set(roomId, text);
  else drafts.delete(roomId);
}
