// What is attacked: rooms in which something was said, each made when it is first needed.

import assert from "node:assert/strict";
import type { Visibility } from "../../client/src/protocol.ts";
import type { AnyFrame } from "../support/raw-socket.ts";
import type { Stage } from "../support/stage.ts";
import type { Attacker, Crowd, Known } from "./crowd.ts";
import { insist } from "./insist.ts";
import { once } from "./once.ts";
import type { Target } from "./table.ts";
import { isForger, type Who } from "./who.ts";

/** In the names of rooms, their topics and what is said: nobody who is refused may be answered with it. */
export const HIDDEN = "hidden";
/** In what was said and is deleted: nobody may be answered with it. */
export const GONE = "gone";

/** What a frame or a request names. */
export interface Aim {
  readonly room: string;
  readonly seq: number;
  readonly epoch?: string;
  /** The frame's own. */
  readonly id?: string;
}

export interface Place {
  readonly room: string;
  readonly epoch: string;
  /** A person's id. */
  readonly owner: string | undefined;
  /** Who was ever in it, by their ids. */
  readonly people: readonly string[];
}

/** The author's first message in each room. */
const FIRST = { seq: 1, id: "first" };

export class Grounds {
  readonly #stage: Stage;
  readonly #crowd: Crowd;
  readonly #places: Place[] = [];

  constructor(stage: Stage, crowd: Crowd) {
    this.#stage = stage;
    this.#crowd = crowd;
  }

  /** Every room that was made. */
  get places(): readonly Place[] {
    return this.#places;
  }

  async aim(on: Target, who: Who): Promise<Aim> {
    const own = isForger(who) ? "owner" : who;
    const at = (place: Place) => ({ room: place.room, seq: FIRST.seq });
    switch (on) {
      case "unlisted room":
        return at(await this.#unlisted());
      case "closed room":
        return at(await this.#closed());
      case "cleared room": {
        const { room, epoch } = await this.#cleared();
        return { room, epoch, seq: FIRST.seq };
      }
      case "absent room":
        return { room: "0".repeat(16), seq: FIRST.seq };
      case "nobody's room":
        return at(await this.#nobodys());
      case "own message":
        return (await this.#talk()).own(own);
      case "own deleted message":
        return (await this.#talk()).ownDeleted(own);
      case "another's message":
      case "another's reaction":
        return at(await this.#talk());
      case "another's deleted message":
        return (await this.#talk()).ownDeleted("author");
      case "absent message":
        return { ...at(await this.#talk()), seq: 99 };
      case "message of another room":
        return { ...at(await this.#talk()), epoch: (await this.#elsewhere()).epoch };
      case "message, by another room's id":
        return { ...at(await this.#elsewhere()), epoch: (await this.#talk()).epoch };
      case "another's frame id":
        return { ...at(await this.#public()), id: FIRST.id };
      case "changed cursor":
        await this.#talk();
        return at(await this.#public());
      default:
        return at(await this.#public());
    }
  }

  readonly #public = once(() => this.#open("public"));
  readonly #unlisted = once(() => this.#open("unlisted"));
  readonly #closed = once(async () => {
    const place = await this.#open("public", GONE);
    await this.#crowd.owner.guest.api.closeRoom(place.room);
    for (const who of Object.values(this.#crowd)) who.rooms.delete(place.room);
    return place;
  });
  readonly #cleared = once(async () => {
    const place = await this.#open("public", GONE);
    await this.#crowd.owner.guest.api.clearRoom(place.room);
    return place;
  });
  readonly #nobodys = once(async () => {
    const { roomId } = await this.#stage.api.createRoom({ name: `A ${HIDDEN} room` });
    return this.#fill(roomId, undefined, HIDDEN);
  });
  readonly #elsewhere = once(async () => {
    const { elsewhere } = this.#crowd;
    const room = await this.#make(elsewhere, "unlisted");
    const epoch = await join(elsewhere, room);
    await say(elsewhere, room, HIDDEN);
    const { userId } = elsewhere.guest;
    return this.#add({ room, epoch, owner: userId, people: [userId] });
  });

  /** A room where those who were in it have each said something, and something else that they deleted. */
  readonly #talk = once(async () => {
    const { author, left, member, owner } = this.#crowd;
    const said: Record<string, { kept: number; deleted: number }> = {};
    const place = await this.#open("public", HIDDEN, async (room) => {
      const talk = Object.entries({ author, left, member, owner }).map(async ([who, attacker]) => {
        const [kept, deleted] = [await say(attacker, room, HIDDEN), await say(attacker, room, GONE)];
        said[who] = { kept, deleted };
        await done(attacker, { action: "delete", room, seq: deleted });
      });
      await Promise.all(talk);
      await done(author, { action: "react", room, seq: FIRST.seq, emoji: "🎂", on: true });
    });
    const aim = (who: string, which: "kept" | "deleted"): Aim => ({ room: place.room, seq: said[who]?.[which] ?? 0 });
    return {
      ...place,
      own: (who: string) => aim(who, "kept"),
      ownDeleted: (who: string) => aim(who, "deleted"),
    };
  });

  async #open(visibility: Visibility, text = HIDDEN, talk?: (room: string) => Promise<void>): Promise<Place> {
    const { owner } = this.#crowd;
    return this.#fill(await this.#make(owner, visibility), owner.guest.userId, text, talk);
  }

  async #make({ guest }: Known, visibility: Visibility): Promise<string> {
    const about = { name: `A ${HIDDEN} room`, topic: `Of ${HIDDEN} things`, visibility };
    return (await this.#stage.roomOf(guest, about)).roomId;
  }

  async #fill(
    room: string,
    owner: string | undefined,
    text: string,
    talk?: (room: string) => Promise<void>,
  ): Promise<Place> {
    const { author, left, member } = this.#crowd;
    const epoch = await join(author, room);
    await say(author, room, text, FIRST.id);
    await Promise.all([left, member, this.#crowd.owner].map((who) => join(who, room)));
    await talk?.(room);
    await done(left, { action: "leave", room });
    left.rooms.delete(room);
    const people = [author, left, member, this.#crowd.owner].map(({ guest }) => guest.userId);
    return this.#add({ room, epoch, owner, people });
  }

  #add(place: Place): Place {
    this.#places.push(place);
    return place;
  }
}

async function join(who: Attacker, room: string): Promise<string> {
  const joined = await done(who, { action: "join", room });
  who.rooms.add(room);
  return joined.type === "joined" ? joined.epoch : "";
}

/** Its number. */
async function say(who: Attacker, room: string, text: string, id?: string): Promise<number> {
  const ack = await done(who, { action: "send", room, text, id });
  return ack.type === "ack" ? ack.seq : 0;
}

async function done(who: Attacker, frame: AnyFrame) {
  const answer = await insist(await who.socket(), frame);
  assert.notEqual(answer.type, "error", JSON.stringify(answer));
  return answer;
}
