// A room's name, topic, rules and people, and what this person may do there: the answer to the last join, and the frames that change it since.

import { digest } from "./digest.ts";
import {
  type Joined,
  limits,
  type Notice,
  type Person,
  type Presence,
  type RoomRules,
  type RoomState,
} from "./protocol.ts";
import { Standing } from "./standing.ts";

export class RoomDetails {
  readonly standing = new Standing();
  #known: Joined | undefined;
  #rules: RoomRules | undefined;
  /** Whether the people differed from the last pong, and no presence frame has come since. */
  #differed = false;

  get isKnown(): boolean {
    return this.#known !== undefined;
  }

  /** Throws before the room has been joined. */
  get known(): Joined {
    if (!this.#known) throw new Error("The room is not joined yet: wait for ParlorClient.join.");
    return this.#known;
  }

  /** The same object until the rules change. */
  get rules(): RoomRules {
    this.#rules ??= rulesOf(this.known);
    return this.#rules;
  }

  joined(frame: Joined): void {
    this.#known = frame;
    this.#rules = undefined;
    this.#differed = false;
    this.standing.joined(frame);
    // The server may have read the room before it read the page.
    for (const event of frame.events) if (event.type === "notice") this.noticed(event);
  }

  /** Returns whether it changes what this person is or may do by themselves. */
  noticed(notice: Notice): boolean {
    const { kind, name, topic, rules, people = [], at, seq } = notice;
    const { topic: _, ...others } = this.known;
    this.#known = { ...others, name, ...(topic !== undefined && { topic }) };
    if (kind === "botAdded" || kind === "botRemoved") {
      const rest = others.bots?.filter(({ userId }) => userId !== people[0]?.userId) ?? [];
      this.#known.bots = kind === "botAdded" ? [...rest, ...people] : rest;
    }
    // A missed notice may be out of date. A younger one cannot give an end that is over already.
    if (rules && at > this.known.at - limits.fewestSeconds * 1_000) this.#rules = rules;
    this.standing.lock(this.rules.locked ?? false);
    // What moderators do takes effect before its notice gets a number: the answer to the join knew what came before.
    return seq > this.known.seq && this.standing.noticed(notice, this.known.you.userId);
  }

  presence({ event, people: changed, count }: Presence): void {
    this.#differed = false;
    const ids = new Set(changed.map(({ userId }) => userId));
    const others = this.known.people.filter(({ userId }) => !ids.has(userId));
    const people = event === "left" ? others : [...others, ...changed].sort(byName);
    const you = event === "renamed" ? changed.find(({ userId }) => userId === this.known.you.userId) : undefined;
    this.#known = { ...this.known, people, count, ...(you && { you }) };
  }

  /**
   * Compares the people with a pong. Returns true if two pongs in a row differ: a presence frame is lost. After one pong it
   * may still be on its way.
   */
  isOutdated({ count, people }: RoomState): boolean {
    const differs = people !== undefined && (count !== this.known.count || people !== digest(this.known.people));
    const isOutdated = differs && this.#differed;
    this.#differed = differs;
    return isOutdated;
  }
}

function rulesOf(frame: RoomRules): RoomRules {
  const { endsAt, maxPeople, passwordRequired, uniqueNames, endsWithoutOwnerAfterSeconds, slowModeSeconds, locked } =
    frame;
  return {
    ...(endsAt !== undefined && { endsAt }),
    ...(maxPeople !== undefined && { maxPeople }),
    passwordRequired,
    uniqueNames,
    ...(endsWithoutOwnerAfterSeconds !== undefined && { endsWithoutOwnerAfterSeconds }),
    ...(slowModeSeconds !== undefined && { slowModeSeconds }),
    ...(locked && { locked }),
  };
}

function byName(one: Person, other: Person): number {
  return one.name.localeCompare(other.name);
}
