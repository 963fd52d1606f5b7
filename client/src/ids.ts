/** The ids of conversations begin with this, and those of other rooms do not. */
const CONVERSATION = "c-";

export function isConversation(roomId: string): boolean {
  return roomId.startsWith(CONVERSATION);
}

/** Returns a random id of 24 hexadecimal digits. `crypto.randomUUID` would need a secure context. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
