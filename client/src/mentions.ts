// Whom a text mentions.

export interface Mentions {
  /** At most 20 people, each once, by `userId`. */
  readonly mentions?: readonly string[];
  /** Whether it mentions everyone in the room, which only the room's owner may do. */
  readonly mentionsRoom?: boolean;
}

/** Returns the fields of a frame. */
export function mentionFields({ mentions = [], mentionsRoom = false }: Mentions) {
  return { ...(mentions.length > 0 && { mentions: [...mentions] }), ...(mentionsRoom && { mentionsRoom }) };
}
