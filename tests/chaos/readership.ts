// Who may read which numbers of a log. Of a conversation, its members: those of a group are in its log.

import type { LogEvent } from "../../client/src/protocol.ts";
import type { Of } from "./history.ts";

/** A membership, from the number that began it to before the one that ended it. */
interface Membership {
  readonly from: number;
  to: number;
  /** In milliseconds since 1970. */
  endedAt: number;
}

export class Readership {
  readonly #conversation: Of<"conversation"> | undefined;
  readonly #memberships = new Map<string, Membership[]>();

  /** Without a `conversation`, everyone may read everything. */
  constructor(conversation: Of<"conversation"> | undefined, log: readonly LogEvent[]) {
    this.#conversation = conversation;
    for (const userId of conversation?.direct ?? []) this.#begins(userId, 1);
    for (const event of log) {
      if (!conversation || event.type !== "notice") continue;
      const { seq, kind, by, people = [], at } = event;
      // Whoever creates a group adds its first members, and is in it already.
      if (kind === "added" && this.#memberships.size === 0) this.#begins(by.userId, seq);
      for (const { userId } of people) {
        if (kind === "added") this.#begins(userId, seq);
        else if (kind === "removed" || kind === "memberLeft") this.#ends(userId, seq, at);
      }
    }
  }

  mayRead(userId: string, seq: number): boolean {
    if (!this.#conversation) return true;
    const memberships = this.#of(userId);
    const last = memberships.at(-1);
    if (!last) return false;
    if (this.#conversation.history === "all") return seq < last.to;
    return memberships.some(({ from, to }) => from <= seq && seq < to);
  }

  /** Whether this person was a member at any time. */
  isKnown(userId: string): boolean {
    return !this.#conversation || this.#memberships.has(userId);
  }

  /** Whether this person left or was removed at any time. */
  hasLeft(userId: string): boolean {
    return this.#of(userId).some(({ to }) => Number.isFinite(to));
  }

  /** Whether this person was a member at this number, and still at this time. */
  isMemberAt(userId: string, seq: number, time: number): boolean {
    const membership = this.#of(userId).find(({ from, to }) => from <= seq && seq < to);
    return membership !== undefined && membership.endedAt > time;
  }

  /** Returns the first number that a present member may read. */
  first(userId: string): number {
    return this.#conversation?.history === "joined" ? (this.#of(userId).at(-1)?.from ?? 1) : 1;
  }

  #of(userId: string): Membership[] {
    return this.#memberships.get(userId) ?? [];
  }

  #begins(userId: string, from: number): void {
    this.#memberships.set(userId, [
      ...this.#of(userId),
      { from, to: Number.POSITIVE_INFINITY, endedAt: Number.POSITIVE_INFINITY },
    ]);
  }

  #ends(userId: string, to: number, endedAt: number): void {
    const last = this.#of(userId).at(-1);
    if (last) Object.assign(last, { to, endedAt });
  }
}
