// Random names that prefill the forms, so that one click is enough.

const adjectives =
  "Amber Brisk Calm Clever Gentle Golden Kind Lively Lucky Mellow Quiet Silver Sunny Swift Warm Wise".split(" ");
const animals = "Badger Crane Dolphin Falcon Finch Fox Heron Koala Lynx Otter Owl Panda Raven Robin Seal Wren".split(
  " ",
);
const places = "Attic Balcony Bay Courtyard Garden Harbor Kitchen Library Meadow Orchard Porch Studio Terrace".split(
  " ",
);

export function suggestPersonName(): string {
  return `${pick(adjectives)} ${pick(animals)}`;
}

export function suggestRoomName(): string {
  return `${pick(adjectives)} ${pick(places)}`;
}

function pick(words: readonly string[]): string {
  return words[Math.floor(Math.random() * words.length)] as string;
}
