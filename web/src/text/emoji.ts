// The reactions that the page offers, with their names for screen readers.

export const REACTIONS: readonly (readonly [emoji: string, name: string])[] = [
  ["👍", "Thumbs up"],
  ["❤️", "Heart"],
  ["😂", "Tears of joy"],
  ["🎉", "Party"],
  ["😮", "Surprise"],
  ["😢", "Sadness"],
  ["🙏", "Thanks"],
  ["👀", "Eyes"],
];

/** Other clients may use any emoji. Without a name, the emoji itself is returned. */
export function emojiName(emoji: string): string {
  return REACTIONS.find(([known]) => known === emoji)?.[1] ?? emoji;
}
