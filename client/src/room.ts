// A room that this client has joined, as the application sees it.

import type { Connection } from "./connection.ts";
import { Emitter } from "./emitter.ts";
import { ParlorError } from "./errors.ts";
import { newId } from "./ids.ts";
import { type Mentions, mentionFields } from "./mentions.ts";
import type { Notice, Permission, Person, Position, Restriction, Role, RoomRules, Visibility } from "./protocol.ts";
import { ended, RoomSession } from "./room-session.ts";
import type { ServerClock } from "./server-clock.ts";
import type { ChangeFrame } from "./timeline.ts";
import type { Timing } from "./timing.ts";
import type { MessageRef, RoomEvents, RoomMessage, SendOptions } from "./types.ts";

/** Made by `ParlorClient.join`. It stays joined over reconnects until the application leaves or the server ends it. */
export class Room extends Emitter<RoomEvents> {
  readonly id: string;
  /** Whether it may wait: after a reconnect, such rooms are joined after the others, one at a time. */
  inBackground = false;
  /** @internal */
  readonly session: RoomSession;
  readonly #connection: Connection;
  readonly #clock: ServerClock;

  /** @internal `onEnd` is called once, when the room ends. */
  constructor(id: string, connection: Connection, clock: ServerClock, onEnd: (room: Room) => void, timing: Timing) {
    super();
    this.id = id;
    this.#connection = connection;
    this.#clock = clock;
    this.session = new RoomSession(
      id,
      connection,
      clock,
      { emit: (event, ...args) => this.emit(event, ...args), ended: () => onEnd(this) },
      timing,
    );
  }

  get name(): string {
    return this.session.details.known.name;
  }

  /** The same object until the rules change. */
  get rules(): RoomRules {
    return this.session.details.rules;
  }

  /** How far the server's clock is ahead of this machine's, in milliseconds. `rules.endsAt` is a time of the server's. */
  get clockOffset(): number {
    return this.#clock.offset;
  }

  get topic(): string | undefined {
    return this.session.details.known.topic;
  }

  get visibility(): Visibility {
    return this.session.details.known.visibility;
  }

  /** The bots that answer here when they are mentioned, if any. The same array until they change. */
  get bots(): readonly Person[] | undefined {
    return this.session.details.known.bots;
  }

  /** This client's person, under their name in this room. */
  get you(): Person {
    return this.session.details.known.you;
  }

  get role(): Role {
    return this.session.details.standing.role;
  }

  /** What this person may do now. The same array until it changes. */
  get may(): readonly Permission[] {
    return this.session.details.standing.may;
  }

  /** If this person is muted: until when, by the server's clock, and why. `change` tells when that ends. */
  get muted(): Restriction | undefined {
    return this.session.details.standing.muted;
  }

  /** The people in the room, each once, by name. In rooms of more than 100 people, not all of them: see `count`. */
  get people(): readonly Person[] {
    return this.session.details.known.people;
  }

  /** The number of people in the room. */
  get count(): number {
    return this.session.details.known.count;
  }

  /** The id of the room's present log. Clearing the room starts a log with another epoch. */
  get epoch(): string {
    return this.session.details.known.epoch;
  }

  /** In a conversation: the number up to which you had read when it was joined last. Otherwise 0. */
  get read(): number {
    return this.session.details.known.conversation?.read ?? 0;
  }

  /** Messages in the order of their numbers; own pending and failed ones come last. A new array after each change. */
  get messages(): readonly RoomMessage[] {
    return this.session.timeline.messages;
  }

  /** Notices about the room itself, in the order of their numbers. */
  get notices(): readonly Notice[] {
    return this.session.timeline.notices;
  }

  /** The number of the oldest event that is here. */
  get first(): number {
    return this.session.timeline.first;
  }

  /** The number up to which nothing is missing. */
  get last(): number {
    return this.session.timeline.position?.seq ?? 0;
  }

  /** Whether `loadOlder` may bring more messages. */
  get hasOlder(): boolean {
    return this.session.timeline.hasOlder;
  }

  /** The other people who were typing within the last 5 seconds. Empty in rooms of more than 100 connections. */
  get typing(): readonly Person[] {
    return this.session.typing.people;
  }

  /**
   * Shows a message as pending at once, and sends it, over reconnects, until the server stores or refuses it. Returns its
   * id. Waits while the room's slow mode does. The text has 1–4,000 characters. `delivery` events and the message's `status` tell the outcome.
   */
  send(text: string, options: SendOptions = {}): string {
    this.session.typing.sent();
    const id = this.session.timeline.send(this.you, text, options);
    if (this.session.hasEnded) this.session.timeline.end(ended());
    return id;
  }

  /** Sends a failed message again, as a new message with a new id. */
  retry(id: string): void {
    this.session.timeline.retry(id, this.you);
    if (this.session.hasEnded) this.session.timeline.end(ended());
  }

  /** Drops a message that failed, or that has not been sent yet. Does nothing for any other message. */
  discard(id: string): void {
    this.session.timeline.discard(id);
  }

  /**
   * Replaces the text of one of your own messages, and whom it mentions. Resolves once the log has the change; rejects
   * with a ParlorError: `forbidden`, `messageNotFound`, `messageDeleted`, `invalidField`, `roomClosed`, or
   * `disconnected` if it is unknown whether it happened.
   */
  edit(message: MessageRef, text: string, mentions: Mentions = {}): Promise<void> {
    return this.#change(message, (target) => ({ action: "edit", ...target, text, ...mentionFields(mentions) }));
  }

  /** Deletes the text of one of your own messages; moderators may delete any. Settles like `edit`. */
  delete(message: MessageRef): Promise<void> {
    return this.#change(message, (target) => ({ action: "delete", ...target }));
  }

  /** Adds your reaction to a message, or removes it. Settles like `edit`; also rejects with `tooManyReactions`. */
  react(message: MessageRef, emoji: string, on: boolean): Promise<void> {
    return this.#change(message, (target) => ({ action: "react", ...target, emoji, on }));
  }

  /** Tells the others that you are typing. Call it on each key: it sends at most one frame in 3 seconds. */
  sendTyping(): void {
    if (!this.joined || !this.session.typing.isDue(Date.now())) return;
    this.#connection.notify({ action: "typing", room: this.id });
  }

  /** Adds a page of older messages before the first one. Rejects with a ParlorError. */
  loadOlder(): Promise<void> {
    return this.session.timeline.loadOlder();
  }

  /**
   * Returns a message that `messages` need not have, such as one that is answered. Undefined if the number holds no message,
   * or the room was cleared since. Rejects with a ParlorError.
   */
  async messageAt(message: Position): Promise<RoomMessage | undefined> {
    const known = this.messages.find(({ epoch, seq }) => epoch === message.epoch && seq === message.seq);
    return known ?? this.session.timeline.read(message);
  }

  /** Drops what is older than this number from memory. `loadOlder` brings it back. */
  forgetOlder(before: number): void {
    this.session.timeline.forgetOlder(before);
  }

  /** Changes your name in this room. Resolves once the server has it; rejects with a ParlorError and keeps the old name. */
  rename(name: string): Promise<void> {
    return this.session.enter(name);
  }

  /** Leaves the room for good; of a conversation, closes only the view. Resolves once the server confirms it, or cannot be reached. */
  leave(): Promise<void> {
    return new Promise((resolve) => {
      this.#connection.request({ action: "leave", room: this.id }, () => resolve());
      this.session.end("left");
    });
  }

  /** @internal */
  get joined(): boolean {
    return this.session.joined;
  }

  #change(
    { epoch, seq }: MessageRef,
    frame: (target: Position & { room: string; id: string }) => ChangeFrame,
  ): Promise<void> {
    if (this.session.hasEnded) return Promise.reject(ended());
    if (epoch === undefined || seq === undefined) return Promise.reject(notSent());
    return this.session.timeline.change(frame({ room: this.id, epoch, seq, id: newId() }));
  }
}

function notSent(): ParlorError {
  return new ParlorError("messageNotFound", "This message is not sent yet.", false);
}
