// A room that this client has joined. It stays joined over reconnects until the application leaves or the server ends it.

import type { Connection, SendRequest } from "./connection.ts";
import { Countdown } from "./countdown.ts";
import { Emitter } from "./emitter.ts";
import { ParlorError } from "./errors.ts";
import { newId } from "./ids.ts";
import { JoinState } from "./join-state.ts";
import { isLogEvent } from "./log.ts";
import type {
  Joined,
  LogEvent,
  Notice,
  Person,
  Position,
  Presence,
  RoomRules,
  RoomState,
  ServerFrame,
  Visibility,
} from "./protocol.ts";
import { isOver } from "./retry.ts";
import { RoomDetails } from "./room-details.ts";
import type { ServerClock } from "./server-clock.ts";
import { type ChangeFrame, Timeline } from "./timeline.ts";
import type { Timing } from "./timing.ts";
import type { LeaveReason, MessageRef, RoomEvents, RoomMessage, SendOptions } from "./types.ts";
import { TypingIndicators } from "./typing.ts";

/** Reasons of a `left` frame after which the room is joined again. Every other reason, known or not, is final. */
const rejoinReasons: readonly string[] = ["left", "leaseExpired"];

type LiveFrame = Extract<ServerFrame, { type: "message" | "change" | "notice" | "voids" | "presence" | "typing" }>;

/** Made by `ParlorClient.join`. */
export class Room extends Emitter<RoomEvents> {
  readonly id: string;
  readonly #connection: Connection;
  readonly #onEnd: (room: Room) => void;
  readonly #joinState: JoinState;
  readonly #timeline: Timeline;
  readonly #typing: TypingIndicators;
  readonly #details = new RoomDetails();
  readonly #clock: ServerClock;
  readonly #countdown: Countdown;
  /** Frames that came before the answer to the join. They go on after its page. */
  #early: LiveFrame[] = [];
  #ended = false;
  /** Whether the application left. */
  #left = false;

  /** @internal `onEnd` is called once, when the room ends. */
  constructor(id: string, connection: Connection, clock: ServerClock, onEnd: (room: Room) => void, timing: Timing) {
    super();
    this.id = id;
    this.#connection = connection;
    this.#clock = clock;
    this.#onEnd = onEnd;
    this.#typing = new TypingIndicators(() => this.emit("change"), timing);
    this.#joinState = new JoinState(
      id,
      connection,
      {
        position: () => this.#timeline.position,
        isYou: ({ userId }) => userId === this.you.userId,
        joined: (frame, recovered) => this.#joined(frame, recovered),
        excluded: (error) => this.#excluded(error),
      },
      timing,
    );
    this.#timeline = new Timeline(
      id,
      connection,
      {
        changed: () => this.emit("change"),
        arrived: (event) => this.#arrived(event),
        delivery: (delivery) => {
          if (!this.#left) this.emit("delivery", delivery);
        },
        blocked: (error) => this.#blocked(error),
      },
      timing,
    );
    this.#countdown = new Countdown(
      clock,
      { isCertain: () => this.joined && !this.#timeline.isBehind, ended: () => this.end("expired") },
      timing,
    );
  }

  get name(): string {
    return this.#details.known.name;
  }

  /** The same object until the rules change. */
  get rules(): RoomRules {
    return this.#details.rules;
  }

  /** How far the server's clock is ahead of this machine's, in milliseconds. `rules.endsAt` is a time of the server's. */
  get clockOffset(): number {
    return this.#clock.offset;
  }

  get topic(): string | undefined {
    return this.#details.known.topic;
  }

  get visibility(): Visibility {
    return this.#details.known.visibility;
  }

  /** This client's person, under their name in this room. */
  get you(): Person {
    return this.#details.known.you;
  }

  /** The people in the room, each once, by name. In rooms of more than 100 people, not all of them: see `count`. */
  get people(): readonly Person[] {
    return this.#details.known.people;
  }

  /** The number of people in the room. */
  get count(): number {
    return this.#details.known.count;
  }

  /** The id of the room's present log. Clearing the room starts a log with another epoch. */
  get epoch(): string {
    return this.#details.known.epoch;
  }

  /** Messages in the order of their numbers; own pending and failed ones come last. A new array after each change. */
  get messages(): readonly RoomMessage[] {
    return this.#timeline.messages;
  }

  /** Notices about the room itself, in the order of their numbers. */
  get notices(): readonly Notice[] {
    return this.#timeline.notices;
  }

  /** Whether `loadOlder` may bring more messages. */
  get hasOlder(): boolean {
    return this.#timeline.hasOlder;
  }

  /** The other people who were typing within the last 5 seconds. Empty in rooms of more than 100 connections. */
  get typing(): readonly Person[] {
    return this.#typing.people;
  }

  /**
   * Shows a message as pending at once, and sends it, over reconnects, until the server stores or refuses it. Returns its
   * id. The text has 1–4,000 characters. `delivery` events and the message's `status` tell the outcome.
   */
  send(text: string, options: SendOptions = {}): string {
    this.#typing.sent();
    const id = this.#timeline.send(this.you, text, options);
    if (this.#ended) this.#timeline.end(ended());
    return id;
  }

  /** Sends a failed message again, as a new message with a new id. */
  retry(id: string): void {
    this.#timeline.retry(id, this.you);
    if (this.#ended) this.#timeline.end(ended());
  }

  /** Drops a message that failed, or that has not been sent yet. Does nothing for any other message. */
  discard(id: string): void {
    this.#timeline.discard(id);
  }

  /**
   * Replaces the text of one of your own messages. Resolves once the log has the change; rejects with a ParlorError:
   * `forbidden`, `messageNotFound`, `messageDeleted`, `invalidField`, `roomClosed`, or `disconnected` if it is
   * unknown whether it happened.
   */
  edit(message: MessageRef, text: string): Promise<void> {
    return this.#change(message, (target) => ({ action: "edit", ...target, text }));
  }

  /** Deletes the text of one of your own messages; the room's owner may delete any. Settles like `edit`. */
  delete(message: MessageRef): Promise<void> {
    return this.#change(message, (target) => ({ action: "delete", ...target }));
  }

  /** Adds your reaction to a message, or removes it. Settles like `edit`; also rejects with `tooManyReactions`. */
  react(message: MessageRef, emoji: string, on: boolean): Promise<void> {
    return this.#change(message, (target) => ({ action: "react", ...target, emoji, on }));
  }

  /** Tells the others that you are typing. Call it on each key: it sends at most one frame in 3 seconds. */
  sendTyping(): void {
    if (!this.joined || !this.#typing.isDue(Date.now())) return;
    this.#connection.notify({ action: "typing", room: this.id });
  }

  /** Adds a page of older messages before the first one. Rejects with a ParlorError. */
  loadOlder(): Promise<void> {
    return this.#timeline.loadOlder();
  }

  /** Drops what is older than this number from memory. `loadOlder` brings it back. */
  forgetOlder(before: number): void {
    this.#timeline.forgetOlder(before);
  }

  /** Changes your name in this room. Resolves once the server has it; rejects with a ParlorError and keeps the old name. */
  rename(name: string): Promise<void> {
    return this.enter(name);
  }

  /** Leaves the room for good. Resolves once the server confirms it, or cannot be reached. */
  leave(): Promise<void> {
    return new Promise((resolve) => {
      this.#connection.request({ action: "leave", room: this.id }, () => resolve());
      this.end("left");
    });
  }

  /** @internal */
  get joined(): boolean {
    return this.#joinState.joined;
  }

  /** @internal */
  enter(name: string | undefined, pass?: string): Promise<void> {
    if (this.#ended) return Promise.reject(ended());
    return this.#joinState.enter(name, pass);
  }

  /** @internal */
  connectionOpened(): void {
    this.#joinState.join();
  }

  /** @internal */
  connectionLost(): void {
    this.#pause();
    this.emit("change");
  }

  /** @internal Rejects the calls that wait for the room to be joined. */
  rejectJoins(error: ParlorError): void {
    this.#joinState.reject(error);
  }

  /** @internal Joins over the next socket. Calls `done` once, with an error if that socket must not take over. */
  joinOver(request: SendRequest, done: (error?: ParlorError) => void): void {
    this.#early = [];
    this.#joinState.joinOver(request, done);
  }

  /** @internal Compares the room with a pong. `state` is undefined if this connection has not joined it for the server. */
  compare(state: RoomState | undefined): void {
    if (!this.joined) return;
    this.#countdown.start(this.rules.endsAt);
    if (state?.epoch === this.epoch) {
      this.#timeline.reached(state.seq);
      if (this.#details.isOutdated(state)) this.#rejoin();
    } else {
      this.#rejoin();
    }
  }

  /** @internal `isEarly`: the frame came before the answer to the join whose page it follows. */
  received(frame: ServerFrame, isEarly = !this.joined): void {
    if (frame.type === "left") {
      if (!rejoinReasons.includes(frame.reason)) this.end(frame.reason);
      else if (!isEarly) this.#rejoin();
    } else if (isLive(frame)) {
      if (isEarly) this.#early.push(frame);
      else this.#live(frame);
    }
  }

  /** @internal */
  end(reason: LeaveReason, error = ended()): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#left = reason === "left";
    this.#pause();
    this.#countdown.stop();
    this.#onEnd(this);
    this.#timeline.end(error);
    this.#joinState.end(error);
    this.emit("left", reason);
  }

  #change(
    { epoch, seq }: MessageRef,
    frame: (target: Position & { room: string; id: string }) => ChangeFrame,
  ): Promise<void> {
    if (this.#ended) return Promise.reject(ended());
    if (epoch === undefined || seq === undefined) return Promise.reject(notSent());
    return this.#timeline.change(frame({ room: this.id, epoch, seq, id: newId() }));
  }

  #pause(): void {
    this.#joinState.pause();
    this.#timeline.pause();
    this.#typing.clear();
    this.#early = [];
  }

  #rejoin(): void {
    this.#pause();
    this.#joinState.join();
  }

  #blocked(error: ParlorError): void {
    if (error.code === "notJoined") this.#rejoin();
    else if (isOver(error)) this.#excluded(error);
  }

  #excluded(error: ParlorError): void {
    const overBy = this.#countdown.isOver ? "expired" : "closed";
    this.end(isOver(error) ? overBy : error.code, error);
  }

  #joined(frame: Joined, recovered: boolean): void {
    if (this.#ended) return;
    const isRejoin = this.#details.isKnown;
    this.#clock.heard(frame.at);
    this.#details.joined(frame);
    this.#countdown.start(this.rules.endsAt);
    const early = this.#early.splice(0);
    for (const live of early) if (live.type === "presence") this.#presence(live);
    this.#timeline.start(frame, recovered);
    if (isRejoin && !recovered) this.emit("discontinuity");
    for (const live of early) if (live.type !== "presence") this.#live(live);
  }

  #live(frame: LiveFrame): void {
    if (frame.type === "voids") {
      this.#timeline.voided(frame);
    } else if (frame.type === "presence") {
      this.#presence(frame);
      this.emit("change");
      this.emit("presence", frame);
    } else if (frame.type !== "typing") {
      if (frame.type === "message") this.#typing.remove(frame.from.userId);
      this.#timeline.receive(frame);
    } else if (frame.from.userId !== this.you.userId) {
      this.#typing.add(frame.from);
      this.emit("change");
    }
  }

  #arrived(event: LogEvent): void {
    // A listener may have left the room in the middle of a page.
    if (this.#ended) return;
    if (event.type === "message") this.emit("message", this.#timeline.view(event));
    else if (event.type === "change") this.emit("changed", event);
    else {
      this.#details.noticed(event);
      this.#countdown.change(this.rules.endsAt);
      this.emit("change");
      this.emit("notice", event);
    }
  }

  #presence(presence: Presence): void {
    this.#details.presence(presence);
    for (const { userId, name } of presence.people) {
      if (presence.event === "renamed" && userId === this.you.userId) this.#joinState.renamed(name);
      if (presence.event === "left") this.#typing.remove(userId);
    }
  }
}

function isLive(frame: ServerFrame): frame is LiveFrame {
  return isLogEvent(frame) || frame.type === "voids" || frame.type === "presence" || frame.type === "typing";
}

function ended(): ParlorError {
  return new ParlorError("roomClosed", "You are no longer in this room.", false);
}

function notSent(): ParlorError {
  return new ParlorError("messageNotFound", "This message is not sent yet.", false);
}
