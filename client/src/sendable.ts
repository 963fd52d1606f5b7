// Refusals that could not name the frame, because the server could not read it: they are made here.

const FRAME_BYTES = 16_384;

/** Why a frame with this text cannot be sent, as a sentence. */
export function reasonNotToSend(text: string, frame: object): string | undefined {
  if (/\p{Surrogate}/u.test(text)) return "The text is not valid Unicode.";
  if (new TextEncoder().encode(JSON.stringify(frame)).length > FRAME_BYTES) return "The text is too long.";
  return undefined;
}
