// Random operations of one device in the rooms that it has joined. The same seed makes the same choices.

import { isConversation, type Room } from "../../client/src/index.ts";
import type { ChaosClient } from "./chaos-client.ts";
import type { Random } from "./random.ts";
import type { RandomMember } from "./random-member.ts";
import { hasAtMostPending, leaveSettled } from "./settle.ts";

type Operation = "send" | "react" | "edit" | "delete" | "rejoin" | "converse";

const probabilities: Readonly<Record<Operation, number>> = {
  send: 0.72,
  react: 0.12,
  edit: 0.05,
  delete: 0.025,
  rejoin: 0.005,
  converse: 0.08,
};

const MAX_PENDING = 3;
const MAX_WORDS = 60;
/** Reactions, edits and deletions choose from this many of the newest messages. */
const RECENT_MESSAGES = 20;
const EMOJI = ["👍", "🫖", "🎉"] as const;

type Change = Exclude<Operation, "send" | "rejoin" | "converse">;

export class RandomUser {
  readonly client: ChaosClient;
  /** The rooms that are joined now. */
  readonly rooms: Room[];
  /** How many messages were sent. */
  sent = 0;
  readonly #member: RandomMember;
  readonly #random: Random;
  #texts = 0;

  constructor(client: ChaosClient, rooms: Room[], member: RandomMember, random: Random) {
    this.client = client;
    this.rooms = rooms;
    this.#member = member;
    this.#random = random;
  }

  /** Performs operations while `mayContinue` returns true. Calls `onOperation` after each. */
  async run(mayContinue: () => boolean, onOperation: () => void): Promise<void> {
    for (; mayContinue(); onOperation()) {
      const room = this.#random.pick(this.rooms as [Room, ...Room[]]);
      const operation = this.#random.choose(probabilities) ?? "send";
      if (operation === "converse") await this.#member.act();
      else if (operation === "send") await this.#send(room);
      else if (operation === "rejoin") await this.#rejoin(room);
      else this.#change(room, operation);
    }
  }

  async #send(room: Room): Promise<void> {
    const text = this.#text();
    await hasAtMostPending(room, MAX_PENDING - 1);
    // Removed meanwhile.
    if (!this.rooms.includes(room)) return;
    this.sent++;
    this.client.send(room, text);
  }

  /** Does not wait for the outcome. */
  #change(room: Room, change: Change): void {
    const emoji = this.#random.pick(EMOJI);
    const on = this.#random.below(3) > 0;
    const text = this.#text();
    const which = this.#random.next();
    const messages = room.messages
      .slice(-RECENT_MESSAGES)
      .filter(({ seq, own, deletedAt }) => seq !== undefined && deletedAt === undefined && (own || change === "react"));
    const message = messages[Math.floor(which * messages.length)];
    if (!message) return;
    if (change === "react") this.client.trackChange(room, room.react(message, emoji, on));
    else if (change === "edit") this.client.trackChange(room, room.edit(message, text));
    else this.client.trackChange(room, room.delete(message));
  }

  #text(): string {
    const words = Array.from({ length: this.#random.below(MAX_WORDS) }, () => this.#random.pick(["tea", "é", "🫖"]));
    return [this.client.name, ++this.#texts, ...words].join(" ");
  }

  async #rejoin(room: Room): Promise<void> {
    // Conversations are closed, and opened again, by operations of their own.
    if (isConversation(room.id)) return;
    await leaveSettled(room);
    this.rooms[this.rooms.indexOf(room)] = await this.client.join(room.id);
  }
}
