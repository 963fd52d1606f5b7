// One connection through the proxy: two sockets, and the faults of frames between them.

import type { RawData, WebSocket } from "ws";

/** `up` is from the client to the gateway, `down` the other way. */
export type Direction = "up" | "down";

export interface Frame {
  readonly connection: number;
  readonly direction: Direction;
  /** Counted by connection and direction, from 1. */
  readonly number: number;
  /** Its `action` or `type`. */
  readonly name: string;
  readonly bytes: number;
}

/**
 * `drop` loses the frame. `repeat` passes it twice. `delay` lets the next frame of its direction overtake it.
 * `hold` keeps it and all later frames of its direction until their release. `freeze` does so in both directions, like a
 * half-open connection. `cut` loses it and ends both sockets without a close frame, `close` with one.
 */
export type FrameFault = "drop" | "repeat" | "delay" | "hold" | "freeze" | "cut" | "close";

export interface LinkRules {
  /** Returns the fault of this frame; without one it passes. */
  frame?(frame: Frame): FrameFault | undefined;
}

interface LinkEvents {
  rules(): LinkRules;
  posted(text: string): void;
  /** Called with the fault, or `pass`, of a frame or of the whole connection. */
  outcome(what: string, frame?: Frame): void;
  ended(): void;
}

// API Gateway's close code after 2 hours.
const GOING_AWAY = 1001;
const canBeSent = (code: number) => code >= 1000 && code !== 1004 && code !== 1005 && code !== 1006 && code !== 1015;

/** One direction of the connection. */
interface Lane {
  readonly from: WebSocket;
  readonly to: WebSocket;
  count: number;
  held: string[] | undefined;
  /** Frames that the next one overtakes. */
  delayed: string[];
}

export class Link {
  readonly #connection: number;
  readonly #lanes: Readonly<Record<Direction, Lane>>;
  readonly #events: LinkEvents;

  /** `sources` has, for each direction, the socket that its frames come from. */
  constructor(connection: number, sources: Readonly<Record<Direction, WebSocket>>, events: LinkEvents) {
    const lane = (from: WebSocket, to: WebSocket): Lane => ({ from, to, count: 0, held: undefined, delayed: [] });
    this.#connection = connection;
    this.#lanes = { up: lane(sources.up, sources.down), down: lane(sources.down, sources.up) };
    this.#events = events;
    for (const direction of ["up", "down"] as const) {
      const { from, to } = this.#lanes[direction];
      from.on("message", (data) => this.#receive(direction, data));
      from.on("error", () => {});
      from.on("close", (code) => {
        if (to.readyState === to.CLOSED) events.ended();
        if (canBeSent(code)) to.close(code);
        else if (code === 1005) to.close();
        else to.terminate();
      });
    }
  }

  get isHeld(): boolean {
    return Object.values(this.#lanes).some(({ held }) => held !== undefined);
  }

  /** Stops all frames, and hides the end of either socket from the other. */
  freeze(): void {
    this.#events.outcome("freeze");
    this.#hold("up");
    this.#hold("down");
  }

  /** Passes the held frames on, in order. */
  release(): void {
    for (const lane of Object.values(this.#lanes)) {
      const { held = [] } = lane;
      lane.held = undefined;
      for (const text of held) this.#pass(lane, text);
      lane.from.resume();
    }
  }

  /** Ends both sockets without a close frame. */
  cut(): void {
    this.#events.outcome("cut");
    this.#terminate();
  }

  /** Ends both sockets with the gateway's close code. */
  close(): void {
    this.#events.outcome("close");
    this.#goAway();
  }

  #receive(direction: Direction, data: RawData): void {
    const lane = this.#lanes[direction];
    const text = String(data);
    if (direction === "down") this.#events.posted(text);
    const frame: Frame = {
      connection: this.#connection,
      direction,
      number: ++lane.count,
      name: nameOf(text),
      bytes: Buffer.byteLength(text),
    };
    const fault = this.#events.rules().frame?.(frame);
    this.#events.outcome(fault ?? "pass", frame);
    if (fault === "cut") this.#terminate();
    else if (fault === "close") this.#goAway();
    else if (fault === "delay") lane.delayed.push(text);
    else if (fault !== "drop") {
      if (fault === "hold" || fault === "freeze") this.#hold(direction);
      if (fault === "freeze") this.#hold(direction === "up" ? "down" : "up");
      this.#pass(lane, text);
      if (fault === "repeat") this.#pass(lane, text);
    }
  }

  #pass(lane: Lane, text: string): void {
    if (lane.held) {
      lane.held.push(text);
      return;
    }
    for (const frame of [text, ...lane.delayed.splice(0)]) if (lane.to.readyState === lane.to.OPEN) lane.to.send(frame);
  }

  /** A paused socket does not report its end either. */
  #hold(direction: Direction): void {
    const lane = this.#lanes[direction];
    lane.held ??= [];
    lane.from.pause();
  }

  #terminate(): void {
    for (const { from } of Object.values(this.#lanes)) from.terminate();
  }

  #goAway(): void {
    for (const { from } of Object.values(this.#lanes)) from.close(GOING_AWAY);
  }
}

function nameOf(text: string): string {
  try {
    const frame = JSON.parse(text);
    return String(frame?.action ?? frame?.type ?? "");
  } catch {
    return "";
  }
}
