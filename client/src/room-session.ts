// This client's stay in a room: joins it, joins it again after each interruption, takes what the server sends, and ends it.

import type { Connection, SendRequest } from "./connection.ts";
import { Countdown } from "./countdown.ts";
import { ParlorError } from "./errors.ts";
import { JoinState } from "./join-state.ts";
import { isLogEvent } from "./log.ts";
import type { Joined, LogEvent, Position, Presence, RoomState, ServerFrame } from "./protocol.ts";
import { isOver } from "./retry.ts";
import { RoomDetails } from "./room-details.ts";
import type { ServerClock } from "./server-clock.ts";
import { Timeline } from "./timeline.ts";
import type { Timing } from "./timing.ts";
import type { LeaveReason, RoomEvents } from "./types.ts";
import { TypingIndicators } from "./typing.ts";

export interface SessionEvents {
  emit<E extends keyof RoomEvents>(event: E, ...args: RoomEvents[E]): void;
  /** Called once, before the event `left`. */
  ended(): void;
}

/** Reasons of a `left` frame after which the room is joined again. Every other reason, known or not, is final. */
const rejoinReasons: readonly string[] = ["left", "leaseExpired"];

type LiveFrame = Extract<ServerFrame, { type: "message" | "change" | "notice" | "voids" | "presence" | "typing" }>;

export class RoomSession {
  readonly details = new RoomDetails();
  readonly timeline: Timeline;
  readonly typing: TypingIndicators;
  hasEnded = false;
  readonly #clock: ServerClock;
  readonly #countdown: Countdown;
  /** Until a mute ends. */
  readonly #muteCountdown: Countdown;
  readonly #events: SessionEvents;
  readonly #joinState: JoinState;
  /** Frames that came before the answer to the join. They go on after its page. */
  #early: LiveFrame[] = [];
  /** Whether the application left. */
  #left = false;

  constructor(room: string, connection: Connection, clock: ServerClock, events: SessionEvents, timing: Timing) {
    this.#clock = clock;
    this.#events = events;
    this.typing = new TypingIndicators(() => this.#events.emit("change"), timing);
    this.#joinState = new JoinState(
      room,
      connection,
      {
        position: () => this.timeline.position,
        isYou: ({ userId }) => userId === this.details.known.you.userId,
        joined: (frame, recovered) => this.#joined(frame, recovered),
        excluded: (error) => this.#excluded(error),
      },
      timing,
    );
    this.timeline = new Timeline(
      room,
      connection,
      {
        changed: () => this.#events.emit("change"),
        arrived: (event) => this.#arrived(event),
        delivery: (delivery) => {
          if (!this.#left) this.#events.emit("delivery", delivery);
        },
        blocked: (error) => this.#blocked(error),
      },
      timing,
    );
    this.#countdown = new Countdown(
      clock,
      { isCertain: () => this.joined && !this.timeline.isBehind, ended: () => this.end("expired") },
      timing,
    );
    this.#muteCountdown = new Countdown(clock, { isCertain: () => true, ended: () => this.#unmuted() }, timing);
  }

  get joined(): boolean {
    return this.#joinState.joined;
  }

  enter(name: string | undefined, pass?: string, since?: Position): Promise<void> {
    if (this.hasEnded) return Promise.reject(ended());
    return this.#joinState.enter(name, pass, since);
  }

  connectionOpened(): void {
    this.#joinState.join();
  }

  connectionLost(): void {
    this.#pause();
    this.#events.emit("change");
  }

  /** Rejects the calls that wait for the room to be joined. */
  rejectJoins(error: ParlorError): void {
    this.#joinState.reject(error);
  }

  /** Joins over the next socket. Calls `done` once, with an error if that socket must not take over. */
  joinOver(request: SendRequest, done: (error?: ParlorError) => void): void {
    this.#early = [];
    this.#joinState.joinOver(request, done);
  }

  /** Compares the room with a pong. `state` is undefined if this connection has not joined it for the server. */
  compare(state: RoomState | undefined): void {
    if (!this.joined) return;
    this.#countdown.start(this.details.rules.endsAt);
    this.#muteCountdown.start(this.details.standing.muted?.until);
    if (state?.epoch === this.details.known.epoch) {
      this.timeline.reached(state.seq);
      if (this.details.isOutdated(state)) this.#rejoin();
    } else {
      this.#rejoin();
    }
  }

  /** `isEarly`: the frame came before the answer to the join whose page it follows. */
  received(frame: ServerFrame, isEarly = !this.joined): void {
    if (frame.type === "left") {
      if (!rejoinReasons.includes(frame.reason)) this.end(frame.reason, ended(), frame);
      else if (!isEarly) this.#rejoin();
    } else if (frame.type === "draft") {
      if (!isEarly) this.#events.emit("draft", frame);
    } else if (isLive(frame)) {
      if (isEarly) this.#early.push(frame);
      else this.#live(frame);
    }
  }

  end(
    reason: LeaveReason,
    error = ended(),
    { until, explanation }: Partial<Pick<ParlorError, "until" | "explanation">> = {},
  ): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.#left = reason === "left";
    this.#pause();
    this.#countdown.stop();
    this.#muteCountdown.stop();
    this.#events.ended();
    this.timeline.end(error);
    this.#joinState.end(error);
    this.#events.emit("left", reason, {
      ...(until !== undefined && { until }),
      ...(explanation !== undefined && { explanation }),
    });
  }

  #pause(): void {
    this.#joinState.pause();
    this.timeline.pause();
    this.typing.clear();
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
    this.end(isOver(error) ? overBy : error.code, error, error);
  }

  #joined(frame: Joined, recovered: boolean): void {
    if (this.hasEnded) return;
    const isRejoin = this.details.isKnown;
    this.#clock.heard(frame.at);
    this.details.joined(frame);
    this.#countdown.start(this.details.rules.endsAt);
    this.#muteCountdown.start(this.details.standing.muted?.until);
    const early = this.#early.splice(0);
    for (const live of early) if (live.type === "presence") this.#presence(live);
    this.timeline.start(frame, recovered);
    if (isRejoin && !recovered) this.#events.emit("discontinuity");
    for (const live of early) if (live.type !== "presence") this.#live(live);
  }

  #live(frame: LiveFrame): void {
    if (frame.type === "voids") {
      this.timeline.voided(frame);
    } else if (frame.type === "presence") {
      this.#presence(frame);
      this.#events.emit("change");
      this.#events.emit("presence", frame);
    } else if (frame.type !== "typing") {
      if (frame.type === "message") this.typing.remove(frame.from.userId);
      this.timeline.receive(frame);
    } else if (frame.from.userId !== this.details.known.you.userId) {
      this.typing.add(frame.from);
      this.#events.emit("change");
    }
  }

  #arrived(event: LogEvent): void {
    // A listener may have left the room in the middle of a page.
    if (this.hasEnded) return;
    if (event.type === "message") this.#events.emit("message", this.timeline.view(event));
    else if (event.type === "change") this.#events.emit("changed", event);
    else {
      const concernsYou = this.details.noticed(event);
      this.#countdown.change(this.details.rules.endsAt);
      this.#muteCountdown.change(this.details.standing.muted?.until);
      this.#events.emit("change");
      this.#events.emit("notice", event);
      // A mute's explanation is not for everyone, so the notice has none; and notices of moderators who act at the same moment
      // may be in another order than what they did.
      if (concernsYou) this.#joinState.join();
    }
  }

  #unmuted(): void {
    this.details.standing.unmute();
    this.#events.emit("change");
  }

  #presence(presence: Presence): void {
    this.details.presence(presence);
    for (const { userId, name } of presence.people) {
      if (presence.event === "renamed" && userId === this.details.known.you.userId) this.#joinState.renamed(name);
      if (presence.event === "left") this.typing.remove(userId);
    }
  }
}

function isLive(frame: ServerFrame): frame is LiveFrame {
  return isLogEvent(frame) || frame.type === "voids" || frame.type === "presence" || frame.type === "typing";
}

export function ended(): ParlorError {
  return new ParlorError("roomClosed", "You are no longer in this room.", false);
}
