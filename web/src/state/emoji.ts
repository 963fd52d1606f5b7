// The emoji that the page offers, in a chunk of their own, and what this person chose among them.
import { signal } from "@preact/signals";
import { loadItem, saveItem } from "../browser/storage.ts";
import { lazy } from "../components/lazy.ts";
import { TONES } from "../text/emoji-search.ts";

const MOST_RECENT = 16;

/** By group. */
export const emojiRows = lazy(async () => (await import("virtual:emoji-rows")).default);

/** Latest first. */
export const recentEmoji = signal<readonly string[]>(loadItem<string[]>("recentEmoji") ?? []);

export const skinTone = signal(TONES.find((tone) => tone === loadItem<string>("skinTone")) ?? "");

export function rememberEmoji(emoji: string): void {
  recentEmoji.value = [emoji, ...recentEmoji.value.filter((other) => other !== emoji)].slice(0, MOST_RECENT);
  saveItem("recentEmoji", recentEmoji.value);
}

export function setSkinTone(tone: string): void {
  skinTone.value = tone;
  saveItem("skinTone", tone);
}
