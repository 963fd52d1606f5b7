// One conversation as this client knows it: what the server last said of it, and the frames since. Pure state: requests
// nothing and notifies nobody.

import {
  type Change,
  type Conversation,
  type LogEvent,
  limits,
  type Message,
  type Notice,
  type Person,
  type ReadMarker,
} from "./protocol.ts";
import type { Marker } from "./read-markers.ts";

/**
 * What a frame means for the state: `current` (it is up to date), `outdated` (only the server can tell; describe the
 * conversation again) or `over` (this person is no longer a member).
 */
export type Effect = "current" | "outdated" | "over";

type PostedEvent = LogEvent & { readonly voids?: readonly number[] };

export class ConversationState {
  /** Replaced by another object on each change. */
  known: Conversation;
  /** The newest number when the server described the conversation. */
  readonly #describedAt: number;
  /** Whether an event came since that the server may or may not have counted. */
  isUncertain = false;
  /** Everything up to this number is counted. */
  #last: number;
  /** Numbers beyond `#last` that are counted. */
  readonly #ahead = new Set<number>();
  /** The number of the last change of the newest message. */
  #changedAt = 0;

  constructor(conversation: Conversation) {
    this.known = conversation;
    this.#describedAt = conversation.seq;
    this.#last = conversation.seq;
  }

  /** Whether a number before the newest one has not come. */
  get isBehind(): boolean {
    return this.#ahead.size > 0;
  }

  receive(event: PostedEvent): Effect {
    if (event.epoch !== this.known.epoch) return "outdated";
    const isNext = event.seq === this.#last + 1;
    const isKnown = event.seq <= this.#last || this.#ahead.has(event.seq);
    this.voided(event.voids ?? []);
    // What is counted already is a repetition. Or the server may have described the conversation after the number was drawn and
    // before its event was stored. In a busy conversation that is so for every event on its way.
    if (isKnown) {
      if (event.seq <= this.#describedAt) this.isUncertain = true;
      return "current";
    }
    this.#count(event.seq);
    this.#set({ seq: Math.max(this.known.seq, event.seq), activeAt: Math.max(this.known.activeAt, event.at) });
    if (event.type === "message") return this.#message(event);
    if (event.type === "notice") return this.#notice(event, isNext);
    return this.#change(event);
  }

  voided(seqs: readonly number[]): void {
    for (const seq of seqs) if (seq > this.#last) this.#count(seq);
  }

  /** Takes the marker of a member, by a frame. */
  marked({ userId, seq }: ReadMarker): Effect {
    if (userId === this.#you.userId) {
      // Only the server knows whether another tab has marked it as unread, or frames have overtaken each other.
      return seq < this.known.read ? "outdated" : this.#read(seq);
    }
    const members = this.known.members.map((member) =>
      member.userId === userId ? { ...member, read: Math.max(member.read ?? 0, seq) } : member,
    );
    this.#set({ members });
    return "current";
  }

  /** Takes this client's own marker before the server has it. */
  mark({ seq, unread }: Marker): Effect {
    if (!unread) return this.#read(seq);
    this.#set({ read: Math.min(this.known.read, seq - 1), unread: Math.max(this.known.unread, 1) });
    return "outdated";
  }

  setBlocked(blocked: boolean): void {
    const { blocked: _, ...others } = this.known;
    this.known = { ...others, ...(blocked && { blocked }) };
  }

  get #you(): Person {
    return this.known.members[0] as Person;
  }

  #message(message: Message): Effect {
    const isNewest = message.seq > (this.known.latest?.seq ?? 0);
    if (isNewest) {
      this.#changedAt = 0;
      this.#set({ latest: latest(message) });
    }
    if (message.from.userId === this.#you.userId) return isNewest ? this.#read(message.seq) : "outdated";
    if (message.seq > this.known.read) {
      const counted = (known: number) => Math.min(known + 1, limits.unreadCounted);
      const { unread, mentions } = this.known;
      this.#set({ unread: counted(unread), mentions: this.#isMentioned(message) ? counted(mentions) : mentions });
    }
    return "current";
  }

  #change({ of, seq, kind, message }: Change): Effect {
    if (message && of === this.known.latest?.seq && seq > this.#changedAt) {
      this.#changedAt = seq;
      this.#set({ latest: latest(message) });
    }
    // Whether the message counted before, and as a mention, is not known here.
    const mayMention = this.known.mentions > 0 || (message !== undefined && this.#isMentioned(message));
    const changesCounts = kind === "deleted" || (kind === "edited" && mayMention);
    return of > this.known.read && changesCounts ? "outdated" : "current";
  }

  #isMentioned({ mentions = [], mentionsRoom = false }: Message): boolean {
    return mentionsRoom || mentions.includes(this.#you.userId);
  }

  #notice({ kind, name, people = [] }: Notice, isNext: boolean): Effect {
    if (kind === "closed") return "over";
    if (!isNext) return "outdated";
    const ids = new Set(people.map(({ userId }) => userId));
    const others = this.known.members.filter(({ userId }) => !ids.has(userId));
    if (kind === "renamed") this.#set({ title: name });
    // Added again, they may have other rights than before.
    if (kind === "added" && ids.has(this.#you.userId)) return "outdated";
    if (kind === "added") {
      this.#set({ members: [...others, ...people.map((person) => ({ ...person, role: "member" as const }))] });
    } else if (kind === "removed" || kind === "memberLeft") {
      const isOwnerless = !others.some(({ role }) => role === "owner");
      this.#set({ members: others });
      if (isOwnerless) return "outdated";
    }
    return "current";
  }

  #read(seq: number): Effect {
    if (seq <= this.known.read) return "current";
    const isAll = seq >= (this.known.latest?.seq ?? 0);
    this.#set({ read: seq, ...(isAll && { unread: 0, mentions: 0 }) });
    return isAll || this.known.unread === 0 ? "current" : "outdated";
  }

  #count(seq: number): void {
    this.#ahead.add(seq);
    while (this.#ahead.delete(this.#last + 1)) this.#last++;
  }

  #set(changes: Partial<Conversation>): void {
    this.known = { ...this.known, ...changes };
  }
}

function latest({ seq, from, at, text, deletedAt }: Message) {
  return { seq, from, at, text, ...(deletedAt !== undefined && { deleted: true }) };
}
