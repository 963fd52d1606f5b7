// Rooms with messages for the permission matrix, each created on first use.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Moderation, Visibility } from "../../client/src/protocol.ts";
import type { AnyFrame } from "../support/raw-socket.ts";
import { type Stage, withRetries } from "../support/stage.ts";
import { type ActorName, type Forger, isForger } from "./actor-names.ts";
import type { Actor, Actors, GuestActor } from "./actors.ts";
import { forgeSignature } from "./forged-tokens.ts";
import { lazy } from "./lazy.ts";
import type { Target } from "./matrix.ts";
import { type Act, acts } from "./moderation-acts.ts";
import { askWithRetry } from "./retry.ts";

/** Part of every room's name, topic and messages. No refusal may contain it. */
export const PRIVATE_TEXT = "hidden";
/** Part of deleted messages. No answer may contain it. */
export const DELETED_TEXT = "gone";

/** The parameters of a frame or request. */
export interface Params {
  readonly room: string;
  readonly seq: number;
  readonly epoch?: string;
  /** The epoch of the message, for requests that must name it. */
  readonly log?: string;
  /** The frame's `id`. */
  readonly id?: string;
  readonly mentionsRoom?: true;
  readonly pass?: string;
  readonly password?: string;
  readonly handle?: string;
  readonly userId?: string;
  readonly moderation?: Moderation;
}

export interface FixtureRoom {
  readonly room: string;
  readonly epoch: string;
  /** A `userId`. */
  readonly owner: string | undefined;
  /** The `userId` of everyone who was ever in the room. */
  readonly people: readonly string[];
  /** A `userId`, if the owner has made somebody a moderator. */
  moderator?: string;
  /** Valid for the room, if it has a password. */
  pass?: string;
}

/** Of every room with a password. */
const PASSWORD = "right password";

/** The author's first message in each room. */
const FIRST = { seq: 1, id: "first" };

const newHandle = () => `matrix.${randomUUID().slice(0, 16)}`;

export class Fixtures {
  readonly #stage: Stage;
  readonly #actors: Actors;
  readonly #rooms: FixtureRoom[] = [];
  readonly #lockedRooms = new Map<ActorName, Promise<FixtureRoom>>();

  constructor(stage: Stage, actors: Actors) {
    this.#stage = stage;
    this.#actors = actors;
  }

  /** All rooms created so far. */
  get rooms(): readonly FixtureRoom[] {
    return this.#rooms;
  }

  async params(target: Target, actor: ActorName): Promise<Params> {
    const own = isForger(actor) ? "owner" : actor;
    const at = ({ room, epoch }: FixtureRoom) => ({ room, seq: FIRST.seq, log: epoch });
    switch (target) {
      case "unlisted room":
        return at(await this.#unlisted());
      case "closed room":
        return at(await this.#closed());
      case "cleared room": {
        const { room, epoch } = await this.#cleared();
        return { room, epoch, log: epoch, seq: FIRST.seq };
      }
      case "absent room":
        return { room: "0".repeat(16), seq: FIRST.seq };
      case "room without owner":
        return at(await this.#ownerless());
      case "own message":
        return (await this.#conversation()).own(own);
      case "own message, mentioning everyone":
        return { ...(await this.#conversation()).own(own), mentionsRoom: true };
      case "own deleted message":
        return (await this.#conversation()).ownDeleted(own);
      case "another's message":
      case "another's reaction":
        return at(await this.#conversation());
      case "another's deleted message":
        return (await this.#conversation()).ownDeleted("author");
      case "absent message":
        return { ...at(await this.#conversation()), seq: 99 };
      case "message of another room":
        return {
          ...at(await this.#conversation()),
          epoch: (await this.#elsewhere()).epoch,
          log: (await this.#elsewhere()).epoch,
        };
      case "message with another room's id":
        return { ...at(await this.#elsewhere()), epoch: (await this.#conversation()).epoch };
      case "another's frame id":
        return { ...at(await this.#public()), id: FIRST.id };
      case "changed cursor":
        await this.#conversation();
        return at(await this.#public());
      case "room with a password":
        return at((await this.#locked()).fixture);
      case "valid pass":
      case "forged pass":
      case "former pass": {
        const { fixture, passes } = await this.#locked();
        return { ...at(fixture), pass: passes[target] };
      }
      case "another room's pass":
        return { ...at((await this.#locked()).fixture), pass: await this.#elsewherePass() };
      case "right password":
      case "right password, extra fields":
        return { ...at(await this.#lockedFor(actor)), password: PASSWORD };
      case "group":
        return { ...(await this.#group()), userId: this.#actors.author.guest.userId };
      case "another's direct conversation":
        return this.#direct();
      case "absent conversation":
        return { room: `c-${"0".repeat(16)}`, seq: FIRST.seq, userId: "nobody" };
      case "own membership":
        return { ...(await this.#groupToLeave()), userId: this.#userIdOf(own) };
      case "the author":
        await this.#actors.author.socket();
        return { ...at(await this.#public()), userId: this.#actors.author.guest.userId };
      case "nobody":
        return { ...at(await this.#public()), userId: "nobody" };
      case "free handle":
        return { ...at(await this.#public()), handle: newHandle() };
      case "another's handle":
        return { ...at(await this.#public()), handle: await this.#handle() };
      case "wrong password":
        return { ...at(await this.#lockedFor(actor)), password: "wrong password" };
      case "own message where one is muted":
        return this.#muted();
      case "another's message where one moderates":
        return at((await this.#moderatedFor(actor)).fixture);
      case "room where one is muted":
      case "room where one is banned":
      case "room from which one was kicked":
      case "locked room":
        return at(await this.#moderated(target));
      default:
        if (isAct(target)) {
          const { fixture, userId } = await this.#moderatedFor(actor);
          const message = { epoch: fixture.epoch, seq: FIRST.seq };
          return { ...at(fixture), moderation: acts[target](userId, message) };
        }
        return at(await this.#public());
    }
  }

  readonly #public = lazy(() => this.#open("public"));
  readonly #unlisted = lazy(() => this.#open("unlisted"));
  readonly #closed = lazy(async () => {
    const fixture = await this.#open("public", DELETED_TEXT);
    await this.#actors.owner.guest.api.closeRoom(fixture.room);
    for (const actor of Object.values(this.#actors)) actor.rooms.delete(fixture.room);
    return fixture;
  });
  readonly #cleared = lazy(async () => {
    const fixture = await this.#open("public", DELETED_TEXT);
    await this.#actors.owner.guest.api.clearRoom(fixture.room);
    return fixture;
  });
  readonly #ownerless = lazy(async () => {
    const { roomId } = await this.#stage.api.createRoom({ name: `A ${PRIVATE_TEXT} room` });
    return this.#fill(roomId, undefined, PRIVATE_TEXT);
  });
  readonly #elsewhere = lazy(async () => {
    const { elsewhere } = this.#actors;
    const room = await this.#make(elsewhere, "unlisted");
    const epoch = await join(elsewhere, room);
    await send(elsewhere, room, PRIVATE_TEXT);
    const { userId } = elsewhere.guest;
    return this.#add({ room, epoch, owner: userId, people: [userId] });
  });

  readonly #group = lazy(() => this.#openGroup());
  readonly #groupToLeave = lazy(() => this.#openGroup());

  /** Of the owner and the author. */
  readonly #direct = lazy(async () => {
    const { author, owner } = this.#actors;
    await author.socket();
    const direct = { with: author.guest.userId };
    const { room } = await withRetries(() => owner.guest.api.createConversation(direct));
    return { room, seq: await send(author, room, PRIVATE_TEXT), userId: "nobody" };
  });

  /** A group of the owner's, with a message of the author's. */
  async #openGroup() {
    const { author, left, member, owner } = this.#actors;
    const others = [author, left, member];
    // Only people who are connected can be found by their ids.
    await Promise.all(others.map((actor) => actor.socket()));
    const members = others.map(({ guest }) => guest.userId);
    const group = { title: `A ${PRIVATE_TEXT} group`, members, history: "all" } as const;
    const { room } = await withRetries(() => owner.guest.api.createConversation(group));
    const seq = await send(author, room, PRIVATE_TEXT);
    await withRetries(() => left.guest.api.removeMember(room, left.guest.userId));
    return { room, seq };
  }

  #userIdOf(name: Exclude<ActorName, Forger>): string {
    return this.#actors[name].guest?.userId ?? "nobody";
  }

  /** The author's handle. */
  readonly #handle = lazy(async () => (await this.#actors.author.guest.api.claimHandle(newHandle())).handle);

  readonly #locked = lazy(async () => {
    const { owner } = this.#actors;
    const fixture = await this.#open("public");
    const former = await this.#lock(fixture, owner, "former password");
    const valid = await this.#lock(fixture, owner);
    const passes = { "former pass": former, "valid pass": valid, "forged pass": forgeSignature(valid) };
    return { fixture, passes };
  });
  readonly #elsewherePass = lazy(async () => this.#lock(await this.#elsewhere(), this.#actors.elsewhere));

  /** A room in which everyone has sent one message, and another one that they deleted. */
  readonly #conversation = lazy(async () => {
    const { author, left, member, owner } = this.#actors;
    const sent: Record<string, { kept: number; deleted: number }> = {};
    const fixture = await this.#open("public", PRIVATE_TEXT, async (room) => {
      const messages = Object.entries({ author, left, member, owner }).map(async ([name, actor]) => {
        const [kept, deleted] = [await send(actor, room, PRIVATE_TEXT), await send(actor, room, DELETED_TEXT)];
        sent[name] = { kept, deleted };
        await succeed(actor, { action: "delete", room, seq: deleted });
      });
      await Promise.all(messages);
      await succeed(author, { action: "react", room, seq: FIRST.seq, emoji: "🎂", on: true });
    });
    const params = (name: string, which: "kept" | "deleted"): Params => ({
      room: fixture.room,
      log: fixture.epoch,
      seq: sent[name]?.[which] ?? 0,
    });
    return {
      ...fixture,
      own: (name: string) => params(name, "kept"),
      ownDeleted: (name: string) => params(name, "deleted"),
    };
  });

  /** Rooms that the member moderates: one for each actor, because some acts change who may do the next one. */
  readonly #moderatedRooms = new Map<ActorName, Promise<{ fixture: FixtureRoom; userId: string }>>();

  #moderatedFor(actor: ActorName) {
    const fixture = this.#moderatedRooms.get(actor) ?? this.#openModerated();
    this.#moderatedRooms.set(actor, fixture);
    return fixture;
  }

  async #openModerated() {
    const { member, owner } = this.#actors;
    const fixture = await this.#open("unlisted");
    await moderate(owner, fixture.room, { action: "appoint", userId: member.guest.userId });
    fixture.moderator = member.guest.userId;
    return { fixture, userId: this.#actors.author.guest.userId };
  }

  readonly #moderatedRoom = new Map<Target, Promise<FixtureRoom>>();

  /** Rooms in which something was done to the member, or that are locked. */
  #moderated(target: keyof typeof done): Promise<FixtureRoom> {
    const opened = this.#moderatedRoom.get(target) ?? this.#openAfter(done[target](this.#actors.member.guest.userId));
    this.#moderatedRoom.set(target, opened);
    return opened;
  }

  /** The member's message in a room where they were muted afterwards. */
  readonly #muted = lazy(async () => {
    const { member, owner } = this.#actors;
    let seq = 0;
    const fixture = await this.#open("public", PRIVATE_TEXT, async (room) => {
      seq = await send(member, room, PRIVATE_TEXT);
    });
    await moderate(owner, fixture.room, done["room where one is muted"](member.guest.userId));
    return { room: fixture.room, seq };
  });

  async #openAfter(moderation: Moderation): Promise<FixtureRoom> {
    const { member, owner } = this.#actors;
    const fixture = await this.#open("public");
    await moderate(owner, fixture.room, moderation);
    if (moderation.action === "ban" || moderation.action === "kick") member.rooms.delete(fixture.room);
    return fixture;
  }

  async #open(
    visibility: Visibility,
    text = PRIVATE_TEXT,
    addMessages?: (room: string) => Promise<void>,
  ): Promise<FixtureRoom> {
    const { owner } = this.#actors;
    return this.#fill(await this.#make(owner, visibility), owner.guest.userId, text, addMessages);
  }

  async #make({ guest }: GuestActor, visibility: Visibility): Promise<string> {
    const settings = { name: `A ${PRIVATE_TEXT} room`, topic: `About ${PRIVATE_TEXT} things`, visibility };
    return (await this.#stage.roomOf(guest, settings)).roomId;
  }

  async #fill(
    room: string,
    owner: string | undefined,
    text: string,
    addMessages?: (room: string) => Promise<void>,
  ): Promise<FixtureRoom> {
    const { author, left, member } = this.#actors;
    const epoch = await join(author, room);
    await send(author, room, text, FIRST.id);
    await Promise.all([left, member, this.#actors.owner].map((actor) => join(actor, room)));
    await addMessages?.(room);
    await succeed(left, { action: "leave", room });
    left.rooms.delete(room);
    const people = [author, left, member, this.#actors.owner].map(({ guest }) => guest.userId);
    return this.#add({ room, epoch, owner, people });
  }

  /** All actors have one address, which may try a room's password five times a minute, so each tries at another room. */
  #lockedFor(actor: ActorName): Promise<FixtureRoom> {
    const fixture = this.#lockedRooms.get(actor) ?? this.#openLocked();
    this.#lockedRooms.set(actor, fixture);
    return fixture;
  }

  async #openLocked(): Promise<FixtureRoom> {
    const fixture = await this.#open("unlisted");
    await this.#lock(fixture, this.#actors.owner);
    return fixture;
  }

  /** Gives the room a password, and returns a pass for it. Whoever is in the room stays. Counts as one attempt. */
  async #lock(fixture: FixtureRoom, { guest }: GuestActor, password = PASSWORD): Promise<string> {
    await withRetries(() => guest.api.updateRoom(fixture.room, { password }));
    const { pass } = await withRetries(() => this.#stage.api.createPass(fixture.room, password));
    fixture.pass = pass;
    return pass;
  }

  #add(fixture: FixtureRoom): FixtureRoom {
    this.#rooms.push(fixture);
    return fixture;
  }
}

/** What was done to somebody in a room, or to the room. */
const done = {
  "room where one is muted": (userId: string): Moderation => ({ action: "mute", userId }),
  "room where one is banned": (userId: string): Moderation => ({ action: "ban", userId }),
  "room from which one was kicked": (userId: string): Moderation => ({ action: "kick", userId }),
  "locked room": (): Moderation => ({ action: "lock", on: true }),
};

const isAct = (target: Target): target is Act => target in acts;

const moderate = (owner: GuestActor, room: string, moderation: Moderation) =>
  withRetries(() => owner.guest.api.moderate(room, moderation));

async function join(actor: Actor, room: string): Promise<string> {
  const joined = await succeed(actor, { action: "join", room });
  actor.rooms.add(room);
  return joined.type === "joined" ? joined.epoch : "";
}

/** Returns the message's number. */
async function send(actor: Actor, room: string, text: string, id?: string): Promise<number> {
  const ack = await succeed(actor, { action: "send", room, text, id });
  return ack.type === "ack" ? ack.seq : 0;
}

async function succeed(actor: Actor, frame: AnyFrame) {
  const answer = await askWithRetry(await actor.socket(), frame);
  assert.notEqual(answer.type, "error", JSON.stringify(answer));
  return answer;
}
