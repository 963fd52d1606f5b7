// A room that this client is in, and stays in over reconnects.

import type { ChangeFrame } from "./changer.ts";
import type { Connection, SendRequest } from "./connection.ts";
import { digest } from "./digest.ts";
import { Emitter } from "./emitter.ts";
import { ParlorError } from "./errors.ts";
import { newId } from "./ids.ts";
import { JoinState } from "./join-state.ts";
import { isLogEvent } from "./log.ts";
import type {
  Change,
  Joined,
  LogEvent,
  Notice,
  Person,
  Position,
  Presence,
  RoomState,
  ServerFrame,
  Visibility,
} from "./protocol.ts";
import { isOver } from "./retry.ts";
import { Timeline } from "./timeline.ts";
import type { Timing } from "./timing.ts";
import type { Delivery, RoomMessage, SendOptions } from "./types.ts";
import { TypingIndicators } from "./typing.ts";

export type RoomEvents = {
  /** Anything that the room shows has changed. */
  change: [];
  /** A message of anyone, one's own too, that came after the room was joined; in order, each once. */
  message: [message: RoomMessage];
  /** A message was edited or deleted, or somebody's reaction came or went; in order, each once. */
  changed: [change: Change];
  /** A message that one sends was tried, sent, or failed. Leaving the room fails it without telling this. */
  delivery: [delivery: Delivery];
  /** The room was renamed, or closed; in order, each once. */
  notice: [notice: Notice];
  /** Persons came, went or changed their name. */
  presence: [presence: Presence];
  /** Too much was missed: `messages` starts anew with the newest page. One's own pending ones are kept. */
  discontinuity: [];
  /**
   * Out of the room for good: left, it was closed, or the server names another reason, such as the code of the refusal
   * to come back. A reason that the application does not know means that this person is no longer in the room.
   */
  left: [reason: LeaveReason];
};

export type LeaveReason = "left" | "closed" | (string & {});

/** Reasons after which one may come back. Later servers may have others: none that is unknown is among them. */
const passing: readonly string[] = ["left", "leaseExpired"];

/** What names a message to be changed. */
export type MessageRef = Pick<RoomMessage, "epoch" | "seq">;

type LiveFrame = Extract<ServerFrame, { type: "message" | "change" | "notice" | "voids" | "presence" | "typing" }>;

export class Room extends Emitter<RoomEvents> {
  readonly id: string;
  readonly #connection: Connection;
  readonly #onEnd: (room: Room) => void;
  readonly #joinState: JoinState;
  readonly #timeline: Timeline;
  readonly #typing = new TypingIndicators(() => this.emit("change"));
  #info: Joined | undefined;
  /** What came before `joined`, whose page it follows. */
  #early: LiveFrame[] = [];
  #ended = false;
  #left = false;
  /** Whether the last pong had other people than are shown here, and no presence frame has come since. */
  #differed = false;

  /** @internal Rooms are made by `ParlorClient.join`. */
  constructor(id: string, connection: Connection, onEnd: (room: Room) => void, timing: Timing) {
    super();
    this.id = id;
    this.#connection = connection;
    this.#onEnd = onEnd;
    this.#joinState = new JoinState(
      id,
      connection,
      {
        position: () => this.#timeline.position,
        isYou: ({ userId }) => userId === this.you.userId,
        joined: (frame, recovered) => this.#joined(frame, recovered),
        excluded: (error) => this.end(isOver(error) ? "closed" : error.code, error),
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
  }

  get name(): string {
    return this.#known.name;
  }

  get topic(): string | undefined {
    return this.#known.topic;
  }

  get visibility(): Visibility {
    return this.#known.visibility;
  }

  get you(): Person {
    return this.#known.you;
  }

  /** The persons in the room by name, each once; of more than 100 not all. */
  get people(): readonly Person[] {
    return this.#known.people;
  }

  /** How many persons are in the room. */
  get count(): number {
    return this.#known.count;
  }

  get epoch(): string {
    return this.#known.epoch;
  }

  /** In order of their number, one's own pending and failed ones last. A new array after each change. */
  get messages(): readonly RoomMessage[] {
    return this.#timeline.messages;
  }

  /** What happened to the room, in order of its number. */
  get notices(): readonly Notice[] {
    return this.#timeline.notices;
  }

  get hasOlder(): boolean {
    return this.#timeline.hasOlder;
  }

  /** Who has been typing within the last 5 seconds. */
  get typing(): readonly Person[] {
    return this.#typing.people;
  }

  /** Shows the text at once as pending and sends it, over reconnects, until it is sent or refused. Returns its id. */
  send(text: string, options: SendOptions = {}): string {
    this.#typing.said();
    const id = this.#timeline.send(this.you, text, options);
    if (this.#ended) this.#timeline.end(out());
    return id;
  }

  /** Sends a failed message again, as a new one. */
  retry(id: string): void {
    this.#timeline.retry(id, this.you);
    if (this.#ended) this.#timeline.end(out());
  }

  /** Drops a message that failed or was not tried yet. */
  discard(id: string): void {
    this.#timeline.discard(id);
  }

  /** Gives one's own message another text. Resolves once the room's log has it; rejects with a ParlorError. */
  edit(message: MessageRef, text: string): Promise<void> {
    return this.#change(message, (at) => ({ action: "edit", ...at, text }));
  }

  /** Takes a message's text away: one's own, or any as the room's owner. Settles like `edit`. */
  delete(message: MessageRef): Promise<void> {
    return this.#change(message, (at) => ({ action: "delete", ...at }));
  }

  /** Puts an emoji to a message, or takes one's own away. Settles like `edit`. */
  react(message: MessageRef, emoji: string, on: boolean): Promise<void> {
    return this.#change(message, (at) => ({ action: "react", ...at, emoji, on }));
  }

  /** Tells the others; call it on each key, it passes on one in 3 seconds. */
  sendTyping(): void {
    if (!this.joined || !this.#typing.shouldTell(Date.now())) return;
    this.#connection.notify({ action: "typing", room: this.id });
  }

  /** Adds older messages before the first; rejects with a ParlorError. */
  loadOlder(): Promise<void> {
    return this.#timeline.loadOlder();
  }

  /** Frees the memory of what is older than this number; `loadOlder` brings it back. */
  forgetOlder(before: number): void {
    this.#timeline.forgetOlder(before);
  }

  /** Resolves when the others know the new name; rejects with a ParlorError, and the old one stays. */
  rename(name: string): Promise<void> {
    return this.enter(name);
  }

  /** Resolves when the server has let go, or cannot be asked. */
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
  enter(name: string | undefined): Promise<void> {
    if (this.#ended) return Promise.reject(out());
    return this.#joinState.enter(name);
  }

  /** @internal */
  opened(): void {
    this.#joinState.join();
  }

  /** @internal Nobody is let in for now: those who wait for it are told. */
  refused(error: ParlorError): void {
    this.#joinState.refuse(error);
  }

  /** @internal */
  lost(): void {
    this.#pause();
    this.emit("change");
  }

  /** @internal The room according to a pong; undefined when the server does not see us in it. */
  heard(state: RoomState | undefined): void {
    if (!this.joined) return;
    const isSameLog = state?.epoch === this.epoch;
    if (isSameLog) this.#timeline.heard(state.seq);
    const differs = state?.people !== undefined && !this.#shows(state);
    // A presence frame may be on its way; one that is still missing at the next pong is lost.
    if (!isSameLog || (differs && this.#differed)) this.#rejoin();
    else this.#differed = differs;
  }

  /** @internal Joins over the socket that is about to take over, too; `done` is told why it may not, if so. */
  move(ask: SendRequest, done: (refusal?: ParlorError) => void): void {
    this.#early = [];
    this.#joinState.move(ask, done);
  }

  /** @internal `early`: it belongs after the `joined` that is on its way. */
  received(frame: ServerFrame, early = !this.joined): void {
    if (frame.type === "left") {
      if (!passing.includes(frame.reason)) this.end(frame.reason);
      else if (!early) this.#rejoin();
    } else if (isLive(frame)) {
      if (early) this.#early.push(frame);
      else this.#live(frame);
    }
  }

  /** @internal */
  end(reason: LeaveReason, error = out()): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#left = reason === "left";
    this.#pause();
    this.#onEnd(this);
    this.#timeline.end(error);
    this.#joinState.end(error);
    this.emit("left", reason);
  }

  get #known(): Joined {
    if (!this.#info) throw new Error("The room is not joined yet: wait for ParlorClient.join.");
    return this.#info;
  }

  #change(
    { epoch, seq }: MessageRef,
    frame: (at: Position & { room: string; id: string }) => ChangeFrame,
  ): Promise<void> {
    if (this.#ended) return Promise.reject(out());
    if (epoch === undefined || seq === undefined) return Promise.reject(unsent());
    return this.#timeline.change(frame({ room: this.id, epoch, seq, id: newId() }));
  }

  #shows({ count, people }: RoomState): boolean {
    return count === this.count && people === digest(this.people);
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
    else if (isOver(error)) this.end("closed", error);
  }

  #joined(frame: Joined, recovered: boolean): void {
    if (this.#ended) return;
    const again = this.#info !== undefined;
    this.#info = frame;
    this.#differed = false;
    // The name may have been read before the page was.
    const renamed = frame.events.findLast((event) => event.type === "notice");
    if (renamed) this.#named(renamed);
    const early = this.#early.splice(0);
    for (const met of early) if (met.type === "presence") this.#meet(met);
    this.#timeline.start(frame, recovered);
    if (again && !recovered) this.emit("discontinuity");
    for (const said of early) if (said.type !== "presence") this.#live(said);
  }

  #live(frame: LiveFrame): void {
    if (frame.type === "voids") {
      this.#timeline.voided(frame);
    } else if (frame.type === "presence") {
      this.#presence(frame);
    } else if (frame.type !== "typing") {
      if (frame.type === "message") this.#typing.remove(frame.from.userId);
      this.#timeline.receive(frame);
    } else if (frame.from.userId !== this.you.userId) {
      this.#typing.add(frame.from);
      this.emit("change");
    }
  }

  #arrived(event: LogEvent): void {
    // A listener may have left in the midst of a page.
    if (this.#ended) return;
    if (event.type === "message") this.emit("message", this.#timeline.shown(event));
    else if (event.type === "change") this.emit("changed", event);
    else {
      this.#named(event);
      this.emit("change");
      this.emit("notice", event);
    }
  }

  #named({ name, topic }: Notice): void {
    const { topic: _, ...info } = this.#known;
    this.#info = { ...info, name, ...(topic !== undefined && { topic }) };
  }

  #presence(presence: Presence): void {
    this.#differed = false;
    this.#meet(presence);
    this.emit("change");
    this.emit("presence", presence);
  }

  #meet({ event, people: met, count }: Presence): void {
    const ids = new Set(met.map(({ userId }) => userId));
    const others = this.people.filter(({ userId }) => !ids.has(userId));
    const people = event === "left" ? others : [...others, ...met].sort((a, b) => a.name.localeCompare(b.name));
    const you = event === "renamed" ? met.find(({ userId }) => userId === this.you.userId) : undefined;
    if (you) this.#joinState.renamed(you.name);
    if (event === "left") for (const id of ids) this.#typing.remove(id);
    this.#info = { ...this.#known, people, count, ...(you && { you }) };
  }
}

function isLive(frame: ServerFrame): frame is LiveFrame {
  return isLogEvent(frame) || frame.type === "voids" || frame.type === "presence" || frame.type === "typing";
}

function out(): ParlorError {
  return new ParlorError("roomClosed", "You are no longer in this room.", false);
}

function unsent(): ParlorError {
  return new ParlorError("messageNotFound", "This message is not sent yet.", false);
}
