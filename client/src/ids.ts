/** Returns a random id of 24 hexadecimal digits. `crypto.randomUUID` would need a secure context. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
