// A room that this client is in, and stays in over reconnects.

import type { Connection } from "./connection.ts";
import { Emitter } from "./emitter.ts";
import { ParlorError } from "./errors.ts";
import { Membership } from "./membership.ts";
import type { Joined, Person, Presence, ServerFrame, Visibility } from "./protocol.ts";
import { Timeline } from "./timeline.ts";
import type { Timing } from "./timing.ts";
import type { RoomMessage } from "./types.ts";
import { Typists } from "./typists.ts";

export type RoomEvents = {
  /** Anything that the room shows has changed. */
  change: [];
  /** A message of anyone, one's own too, that came after the room was joined; in order, each once. */
  message: [message: RoomMessage];
  presence: [presence: Presence];
  /** Too much was missed: `messages` starts anew with the newest page. One's own pending ones are kept. */
  discontinuity: [];
  /** Out of the room for good: left, or it was closed. */
  left: [reason: "left" | "closed"];
};

const OUT = "You are no longer in this room.";

type LiveFrame = Extract<ServerFrame, { type: "message" | "presence" | "typing" }>;

export class Room extends Emitter<RoomEvents> {
  readonly id: string;
  readonly #connection: Connection;
  readonly #onEnd: (room: Room) => void;
  readonly #membership: Membership;
  readonly #timeline: Timeline;
  readonly #typists = new Typists(() => this.emit("change"));
  #info: Joined | undefined;
  /** What came before `joined`, whose page it follows. */
  #early: LiveFrame[] = [];
  #ended = false;

  /** @internal Rooms are made by `ParlorClient.join`. */
  constructor(id: string, connection: Connection, onEnd: (room: Room) => void, timing: Timing) {
    super();
    this.id = id;
    this.#connection = connection;
    this.#onEnd = onEnd;
    this.#membership = new Membership(
      id,
      connection,
      {
        position: () => this.#timeline.position,
        joined: (frame, recovered) => this.#joined(frame, recovered),
        excluded: (error) => this.end("closed", error),
      },
      timing,
    );
    this.#timeline = new Timeline(
      id,
      connection,
      {
        changed: () => this.emit("change"),
        arrived: (message) => this.emit("message", message),
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

  get hasOlder(): boolean {
    return this.#timeline.hasOlder;
  }

  /** Who has been typing within the last 5 seconds. */
  get typing(): readonly Person[] {
    return this.#typists.people;
  }

  /** Shows the text at once as pending and sends it, over reconnects, until it is sent or refused. Returns its id. */
  send(text: string): string {
    this.#typists.said();
    const id = this.#timeline.send(this.you, text);
    if (this.#ended) this.#timeline.end(OUT);
    return id;
  }

  /** Sends a failed message again, as a new one. */
  retry(id: string): void {
    this.#timeline.retry(id, this.you);
    if (this.#ended) this.#timeline.end(OUT);
  }

  /** Drops a message that failed or was not tried yet. */
  discard(id: string): void {
    this.#timeline.discard(id);
  }

  /** Tells the others; call it on each key, it passes on one in 3 seconds. */
  sendTyping(): void {
    if (!this.joined || !this.#typists.shouldTell(Date.now())) return;
    this.#connection.notify({ action: "typing", room: this.id });
  }

  /** Adds older messages before the first; rejects with a ParlorError. */
  loadOlder(): Promise<void> {
    return this.#timeline.loadOlder();
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
    return this.#membership.joined;
  }

  /** @internal */
  enter(name: string | undefined): Promise<void> {
    if (this.#ended) return Promise.reject(new ParlorError("roomClosed", OUT, false));
    return this.#membership.enter(name);
  }

  /** @internal */
  opened(): void {
    this.#membership.join();
  }

  /** @internal */
  lost(): void {
    this.#pause();
    this.emit("change");
  }

  /** @internal The newest number according to a pong; none when the server does not see us in the room. */
  heard(newest: number | undefined): void {
    if (!this.joined) return;
    if (newest === undefined) this.#rejoin();
    else this.#timeline.heard(newest);
  }

  /** @internal */
  received(frame: ServerFrame): void {
    if (frame.type === "left") {
      if (frame.reason === "closed") this.end("closed");
      else if (this.joined) this.#rejoin();
    } else if (frame.type === "message" || frame.type === "presence" || frame.type === "typing") {
      if (this.joined) this.#live(frame);
      else this.#early.push(frame);
    }
  }

  /** @internal */
  end(reason: "left" | "closed", error = new ParlorError("roomClosed", OUT, false)): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#pause();
    this.#onEnd(this);
    this.#timeline.end(error.message);
    this.#membership.end(error);
    this.emit("left", reason);
  }

  get #known(): Joined {
    if (!this.#info) throw new Error("The room is not joined yet: wait for ParlorClient.join.");
    return this.#info;
  }

  #pause(): void {
    this.#membership.pause();
    this.#timeline.pause();
    this.#typists.clear();
    this.#early = [];
  }

  #rejoin(): void {
    this.#pause();
    this.#membership.join();
  }

  #blocked(error: ParlorError): void {
    if (error.code === "notJoined") this.#rejoin();
    else if (error.code === "roomClosed" || error.code === "roomNotFound") this.end("closed", error);
  }

  #joined(frame: Joined, recovered: boolean): void {
    const again = this.#info !== undefined;
    this.#info = frame;
    this.#timeline.start(frame, recovered);
    if (again && !recovered) this.emit("discontinuity");
    for (const early of this.#early.splice(0)) this.#live(early);
  }

  #live(frame: LiveFrame): void {
    if (frame.type === "message") {
      this.#typists.remove(frame.from.userId);
      this.#timeline.receive(frame);
    } else if (frame.type === "presence") {
      this.#presence(frame);
    } else if (frame.from.userId !== this.you.userId) {
      this.#typists.add(frame.from);
      this.emit("change");
    }
  }

  #presence(frame: Presence): void {
    const { event, person, count } = frame;
    const others = this.people.filter(({ userId }) => userId !== person.userId);
    const people = event === "left" ? others : [...others, person].sort((a, b) => a.name.localeCompare(b.name));
    const renamed = event === "renamed" && person.userId === this.you.userId;
    if (renamed) this.#membership.renamed(person.name);
    if (event === "left") this.#typists.remove(person.userId);
    this.#info = { ...this.#known, people, count, ...(renamed && { you: person }) };
    this.emit("change");
    this.emit("presence", frame);
  }
}
