// What was typed and not yet sent, by room, so that the Back button does not eat it.

const drafts = new Map<string, string>();

export function draftOf(roomId: string): string {
  return drafts.get(roomId) ?? "";
}

export function keepDraft(roomId: string, text: string): void {
  if (text) drafts.set(roomId, text);
  else drafts.delete(roomId);
}
