// This person's conversations, live: lists them after each connection, and follows the frames that their members receive
// without joining.

import type { ParlorApi } from "./api.ts";
import type { Follower, ParlorClient } from "./client.ts";
import { ConversationState, type Effect } from "./conversation-state.ts";
import { Emitter } from "./emitter.ts";
import { ParlorError } from "./errors.ts";
import { isConversation } from "./ids.ts";
import { isLogEvent } from "./log.ts";
import {
  type Conversation,
  type LogEvent,
  limits,
  type NewConversation,
  type ReadMarker,
  type ServerFrame,
} from "./protocol.ts";
import { ReadMarkers } from "./read-markers.ts";
import { Sync } from "./sync.ts";
import type { Timing } from "./timing.ts";
import type { ConversationsEvents } from "./types.ts";

/** Why the server must be asked, unless the next frames tell. */
type Doubt = "isBehind" | "isUncertain";

/** Whether nothing was ever sent in a direct conversation: all it has is that a person has left, or has come back. */
const isEmpty = ({ kind, latest, seq }: Conversation) =>
  kind === "direct" && latest === undefined && seq > 0 && seq <= limits.listedEvents;

type RoomFrame = Extract<ServerFrame, { room: string }>;

export class Conversations extends Emitter<ConversationsEvents> implements Follower {
  /** Whether the list has come at least once. */
  isLoaded = false;
  /** Whether the others see up to where this person has read, and this person sees theirs. Takes effect with the next marker. */
  sharesReading = true;
  readonly #api: ParlorApi;
  readonly #isShown: (room: string) => boolean;
  readonly #timing: Timing;
  readonly #sync: Sync;
  readonly #markers: ReadMarkers;
  readonly #states = new Map<string, ConversationState>();
  /** Requests the page after those that are listed. */
  #cursor: string | undefined;
  /** How many conversations were listed, page by page. */
  #listed = 0;
  /** For each running request of this person, the frames that came since it began: what it answers may be older. */
  readonly #recordings = new Set<RoomFrame[]>();
  readonly #timers = new Map<Doubt, ReturnType<typeof setTimeout>>();
  #sorted: readonly Conversation[] | undefined;

  /** Follows the conversations of the client's person, who must have a token. `api` must be of the same person. */
  constructor(client: ParlorClient, api = client.api) {
    super();
    const { connection, timing, isJoined } = client.follow(this);
    this.#api = api;
    this.#isShown = isJoined;
    this.#timing = timing;
    this.#sync = new Sync({ list: () => this.#listAgain(), describe: (room) => this.#describeAgain(room) }, timing);
    this.#markers = new ReadMarkers(connection, (marker) => this.#markerKnown(marker), timing);
    if (client.state === "open") this.connected();
  }

  /** Those that are known, most recently active first. A new array, with new objects for what is new, after each change. */
  get list(): readonly Conversation[] {
    this.#sorted ??= [...this.#states.values()]
      .map(({ known }) => known)
      .filter((known) => !isEmpty(known))
      .sort((a, b) => b.activeAt - a.activeAt);
    return this.#sorted;
  }

  /** Whether `loadMore` may bring more. */
  get hasMore(): boolean {
    return this.#cursor !== undefined;
  }

  get(room: string): Conversation | undefined {
    return this.#states.get(room)?.known;
  }

  /** Forgets everything, because the API and the connection change to another person. The next connection lists theirs. */
  forgetAll(): void {
    this.#recordings.clear();
    for (const room of [...this.#states.keys()]) this.#forget(room);
    [this.#cursor, this.#listed, this.isLoaded] = [undefined, 0, false];
    this.#changed();
  }

  /** Lists the conversations again, soon and once, however often it is called. */
  refresh(): void {
    this.#sync.list();
  }

  /** Adds the next page. Rejects with a ParlorError. */
  async loadMore(): Promise<void> {
    if (this.#cursor === undefined) return;
    this.#listed += await this.#loadPage({ cursor: this.#cursor });
  }

  /** Adds all those with unread messages, also from pages that are not loaded. Rejects with a ParlorError. */
  async loadUnread(): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = { unread: true, limit: limits.conversations, ...(cursor !== undefined && { cursor }) };
      const [list, frames] = await this.#recorded(() => this.#api.conversations(page));
      for (const conversation of list.conversations) this.#describe(conversation, frames);
      cursor = list.cursor;
    } while (cursor !== undefined);
    this.#changed();
  }

  /** Describes a conversation that the list does not have, or again. Rejects with `roomNotFound` unless you are a member. */
  async load(room: string): Promise<Conversation> {
    return this.#take(() => this.#api.conversation(room));
  }

  /** Like `ParlorApi.createConversation`, and adds it to the list. */
  create(conversation: NewConversation): Promise<Conversation> {
    return this.#take(() => this.#api.createConversation(conversation));
  }

  /** Like `ParlorApi.updateConversation`. */
  rename(room: string, title: string): Promise<Conversation> {
    return this.#take(() => this.#api.updateConversation(room, { title }));
  }

  /** Like `ParlorApi.addMembers`. */
  addMembers(room: string, members: readonly string[]): Promise<Conversation> {
    return this.#take(() => this.#api.addMembers(room, members));
  }

  /** Blocks the other person of a direct conversation, or no longer. */
  async setBlocked(room: string, userId: string, blocked: boolean): Promise<void> {
    await (blocked ? this.#api.block(userId) : this.#api.unblock(userId));
    this.#states.get(room)?.setBlocked(blocked);
    this.#changed();
  }

  /** Marks everything up to a number as read, here at once and on the server once there is a connection. */
  markRead(room: string, seq: number): void {
    const state = this.#states.get(room);
    if (state && seq > state.known.read) this.#mark(state, seq, false);
  }

  /** Marks a message and everything after it as unread. */
  markUnread(room: string, seq: number): void {
    const state = this.#states.get(room);
    if (state) this.#mark(state, seq, true);
  }

  /** @internal */
  connected(): void {
    this.#markers.start();
    this.#sync.list();
    this.#sync.start();
  }

  /** @internal */
  disconnected(): void {
    this.#markers.stop();
    this.#sync.stop();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** @internal Takes any frame. */
  received(frame: ServerFrame): void {
    if (!("room" in frame) || !isConversation(frame.room)) return;
    for (const recording of this.#recordings) recording.push(frame);
    this.#receive(frame);
    this.#changed();
  }

  #receive(frame: RoomFrame): void {
    const state = this.#states.get(frame.room);
    if (frame.type === "left") {
      if (frame.reason === "left" || frame.reason === "leaseExpired") return;
      this.#forget(frame.room);
      // Unless they were added again, and the frames have overtaken each other.
      this.#sync.describe(frame.room);
    } else if (isLogEvent(frame)) {
      if (state) this.#event(state, frame);
      else this.#sync.describe(frame.room);
    } else if (frame.type === "voids") {
      if (frame.epoch === state?.known.epoch) state.voided(frame.seqs);
    } else if (frame.type === "read" && state) {
      this.#effect(frame.room, state.marked(frame));
    }
  }

  #event(state: ConversationState, event: LogEvent): void {
    const { room, read } = state.known;
    this.#effect(room, state.receive(event));
    // This person's own message implies that they have read everything before it. Every client that shows the conversation says so.
    if (state.known.read > read && this.#isShown(room)) this.#sendMarker(room, state.known.read, false);
    // Posts overtake each other: only what is still missing after a moment is lost.
    this.#askLater("isBehind", this.#timing.gapMs);
    this.#askLater("isUncertain", this.#timing.gapCapMs);
  }

  #effect(room: string, effect: Effect): void {
    if (effect === "over") this.#forget(room);
    if (effect === "outdated") this.#sync.describe(room);
  }

  #forget(room: string): void {
    this.#states.delete(room);
    this.#markers.drop(room);
  }

  #mark(state: ConversationState, seq: number, unread: boolean): void {
    state.mark({ seq, unread, private: !this.sharesReading });
    this.#sendMarker(state.known.room, seq, unread);
    this.#changed();
  }

  #sendMarker(room: string, seq: number, unread: boolean): void {
    this.#markers.set(room, { seq, unread, private: !this.sharesReading });
  }

  /** How much is unread after a marker, only the server knows, unless it is nothing. */
  #markerKnown(marker: ReadMarker): void {
    for (const recording of this.#recordings) recording.push({ type: "read", ...marker });
    if ((this.get(marker.room)?.unread ?? 0) > 0) this.#sync.describe(marker.room);
  }

  /** Describes all conversations of which this is the case after the delay, or up to twice that. */
  #askLater(doubt: Doubt, delayMs: number): void {
    const due = () => [...this.#states].filter(([, state]) => state[doubt]).map(([room]) => room);
    if (this.#timers.has(doubt) || due().length === 0) return;
    const ask = () => {
      this.#timers.delete(doubt);
      for (const room of due()) this.#sync.describe(room);
    };
    this.#timers.set(doubt, setTimeout(ask, delayMs * (1 + Math.random())));
  }

  /** Replaces everything by as many pages as were loaded. */
  async #listAgain(): Promise<void> {
    const before = new Map(this.#states);
    const [wanted, limit] = [this.#listed, limits.conversations];
    let listed = await this.#loadPage({ limit });
    while (this.#cursor !== undefined && listed < wanted)
      listed += await this.#loadPage({ limit, cursor: this.#cursor });
    this.#listed = listed;
    for (const [room, state] of before) {
      if (this.#states.get(room) !== state) continue;
      this.#forget(room);
      // Nothing was sent in it, so it is not listed.
      if (state.known.latest === undefined) this.#sync.describe(room);
    }
    this.isLoaded = true;
    this.#changed();
  }

  /** Returns how many conversations the page has. */
  async #loadPage(page: { cursor?: string; limit?: number }): Promise<number> {
    const [{ conversations, cursor }, frames] = await this.#recorded(() => this.#api.conversations(page));
    for (const conversation of conversations) this.#describe(conversation, frames);
    this.#cursor = cursor;
    this.#changed();
    return conversations.length;
  }

  async #describeAgain(room: string): Promise<void> {
    try {
      await this.load(room);
    } catch (error) {
      if (!(error instanceof ParlorError && error.code === "roomNotFound")) throw error;
      this.#forget(room);
      this.#changed();
    }
  }

  async #take(request: () => Promise<Conversation>): Promise<Conversation> {
    const [conversation, frames] = await this.#recorded(request);
    this.#describe(conversation, frames);
    this.#changed();
    return this.get(conversation.room) ?? conversation;
  }

  /** Takes the server's description. `frames`: those that came since it was requested. */
  #describe(conversation: Conversation, frames: readonly RoomFrame[]): void {
    const { room } = conversation;
    const state = new ConversationState(conversation);
    this.#states.set(room, state);
    for (const frame of frames) if (frame.room === room) this.#receive(frame);
    const marker = this.#markers.pending(room);
    if (marker) state.mark(marker);
  }

  async #recorded<Answer>(request: () => Promise<Answer>): Promise<[Answer, readonly RoomFrame[]]> {
    const frames: RoomFrame[] = [];
    this.#recordings.add(frames);
    try {
      const answer = await request();
      if (!this.#recordings.has(frames)) throw new ParlorError("unavailable", "The person has changed.", true);
      return [answer, frames];
    } finally {
      this.#recordings.delete(frames);
    }
  }

  #changed(): void {
    this.#sorted = undefined;
    this.emit("change");
  }
}
