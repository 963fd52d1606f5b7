// The reactions that are offered, with their names for screen readers.

export const offered: readonly (readonly [emoji: string, name: string])[] = [
  ["👍", "Thumbs up"],
  ["❤️", "Heart"],
  ["😂", "Tears of joy"],
  ["🎉", "Party"],
  ["😮", "Surprise"],
  ["😢", "Sadness"],
  ["🙏", "Thanks"],
  ["👀", "Eyes"],
];

/** An emoji that is not offered here speaks for itself. */
export function emojiName(emoji: string): string {
  return offered.find(([known]) => known === emoji)?.[1] ?? emoji;
}
