// One person's random talk in the rooms they are in. The same seed says the same.

import type { Room } from "../../client/src/index.ts";
import type { Person } from "./person.ts";
import type { Random } from "./random.ts";

type Deed = "say" | "react" | "edit" | "delete" | "comeAndGo";

const deeds: Readonly<Record<Deed, number>> = { say: 0.8, react: 0.12, edit: 0.05, delete: 0.025, comeAndGo: 0.005 };

// Nobody types on while so much is still on its way.
const MOST_PENDING = 3;
const MOST_WORDS = 60;
/** How far back people react, edit and delete, in messages. */
const RECENT = 20;
const EMOJI = ["👍", "🫖", "🎉"] as const;

type Change = Exclude<Deed, "say" | "comeAndGo">;

export class Talker {
  readonly person: Person;
  /** The rooms this person is in now. */
  readonly rooms: [Room, ...Room[]];
  said = 0;
  readonly #random: Random;
  #texts = 0;

  constructor(person: Person, rooms: [Room, ...Room[]], random: Random) {
    this.person = person;
    this.rooms = rooms;
    this.#random = random;
  }

  /** Talks as long as `goesOn`; tells after each deed. */
  async talk(goesOn: () => boolean, onDeed: () => void): Promise<void> {
    for (; goesOn(); onDeed()) {
      const room = this.#random.pick(this.rooms);
      const deed = this.#random.choose(deeds) ?? "say";
      if (deed === "say") await this.#say(room);
      else if (deed === "comeAndGo") await this.#comeAndGo(room);
      else this.#change(room, deed);
    }
  }

  async #say(room: Room): Promise<void> {
    const text = this.#text();
    await hasAtMostPending(room, MOST_PENDING - 1);
    this.said++;
    this.person.say(room, text);
  }

  /** Does not wait for what comes of it. */
  #change(room: Room, deed: Change): void {
    const emoji = this.#random.pick(EMOJI);
    const on = this.#random.below(3) > 0;
    const text = this.#text();
    const which = this.#random.next();
    const messages = room.messages
      .slice(-RECENT)
      .filter(({ seq, own, deletedAt }) => seq !== undefined && deletedAt === undefined && (own || deed === "react"));
    const message = messages[Math.floor(which * messages.length)];
    if (!message) return;
    if (deed === "react") this.person.change(room, room.react(message, emoji, on));
    else if (deed === "edit") this.person.change(room, room.edit(message, text));
    else this.person.change(room, room.delete(message));
  }

  #text(): string {
    const words = Array.from({ length: this.#random.below(MOST_WORDS) }, () => this.#random.pick(["tea", "é", "🫖"]));
    return [this.person.name, ++this.#texts, ...words].join(" ");
  }

  async #comeAndGo(room: Room): Promise<void> {
    await hasAtMostPending(room, 0);
    await room.leave();
    this.rooms[this.rooms.indexOf(room)] = await this.person.join(room.id);
  }
}

/** Resolves when no more of one's messages than this are on their way. */
function hasAtMostPending(room: Room, most: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      const tail = room.messages.slice(-most - 1);
      if (tail.length > most && tail.every(({ status }) => status === "pending")) return;
      stop();
      resolve();
    };
    const stop = room.on("change", look);
    look();
  });
}
