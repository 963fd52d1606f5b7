// One connection through the proxy: two sockets, and what happens to the frames between them.

import type { RawData, WebSocket } from "ws";

/** `up` is from the client to the gateway. */
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
 * `drop` loses the frame; `repeat` passes it twice; `delay` lets the next one of its direction overtake it.
 * `hold` keeps it and all that follow in its direction until they are released; `freeze` does so in both directions,
 * as a half-open socket does. `cut` loses it and ends both sockets without a word, `close` with a close frame.
 */
export type FrameFault = "drop" | "repeat" | "delay" | "hold" | "freeze" | "cut" | "close";

export interface LinkRules {
  /** What happens to this frame; it passes unless they say so. */
  frame?(frame: Frame): FrameFault | undefined;
}

interface LinkEvents {
  rules(): LinkRules;
  happened(what: string, frame?: Frame): void;
  ended(): void;
}

// What API Gateway closes with when a connection has lived its 2 hours.
const GOING_AWAY = 1001;
const MAY_BE_SENT = (code: number) => code >= 1000 && code !== 1004 && code !== 1005 && code !== 1006 && code !== 1015;

interface Lane {
  /** Where its frames come from, and where they go. */
  readonly from: WebSocket;
  readonly to: WebSocket;
  count: number;
  held: string[] | undefined;
  /** Overtaken by the next one. */
  delayed: string[];
}

export class Link {
  readonly #connection: number;
  readonly #lanes: Readonly<Record<Direction, Lane>>;
  readonly #events: LinkEvents;

  /** `sources` are the sockets that the frames of a direction come from. */
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
        if (MAY_BE_SENT(code)) to.close(code);
        else if (code === 1005) to.close();
        else to.terminate();
      });
    }
  }

  get isHeld(): boolean {
    return Object.values(this.#lanes).some(({ held }) => held !== undefined);
  }

  /** From now on nothing passes, not even the end of a socket. */
  freeze(): void {
    this.#events.happened("freeze");
    this.#hold("up");
    this.#hold("down");
  }

  /** What was held goes on, in order. */
  release(): void {
    for (const lane of Object.values(this.#lanes)) {
      const { held = [] } = lane;
      lane.held = undefined;
      for (const text of held) this.#pass(lane, text);
      lane.from.resume();
    }
  }

  /** Ends both sockets without a word. */
  cut(): void {
    this.#events.happened("cut");
    this.#terminate();
  }

  /** Ends both sockets as the gateway does. */
  close(): void {
    this.#events.happened("close");
    this.#goAway();
  }

  #receive(direction: Direction, data: RawData): void {
    const lane = this.#lanes[direction];
    const text = String(data);
    const frame: Frame = {
      connection: this.#connection,
      direction,
      number: ++lane.count,
      name: nameOf(text),
      bytes: Buffer.byteLength(text),
    };
    const fault = this.#events.rules().frame?.(frame);
    this.#events.happened(fault ?? "pass", frame);
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
    for (const each of [text, ...lane.delayed.splice(0)]) if (lane.to.readyState === lane.to.OPEN) lane.to.send(each);
  }

  /** Paused, a socket does not tell of its end either. */
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
