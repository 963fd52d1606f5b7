// Records the history of a run: what is asked and acknowledged on the wire, and what handlers of the client see.

import { WebSocket } from "ws";
import { ParlorError, type Room, type RoomMessage, type WebSocketConstructor } from "../../client/src/index.ts";
import type { ClientFrame, LogEvent, ServerFrame } from "../../client/src/protocol.ts";
import type { Content, HistoryEvent, Request } from "./history.ts";
import { contentOf } from "./room-history.ts";

export class Recorder {
  readonly history: HistoryEvent[] = [];
  #changes = 0;
  readonly #stays = new Map<Room, string>();
  /** Where the page of the last `joined` ended, by person and room. */
  readonly #pages = new Map<string, number>();
  /** The id of the message that was seen last. */
  readonly #newest = new Map<Room, string>();
  /** Who asked for what: frames of old connections still come, and each is noted once. */
  /** How many changes are on their way. */
  readonly #open = new Map<Room, number>();
  readonly #asked = new Set<string>();

  /** A WebSocket that notes what this person asks over it, and what is acknowledged. */
  webSocketOf(by: string): WebSocketConstructor {
    const sending = (frame: ClientFrame) => this.#sending(by, frame);
    const received = (frame: ServerFrame) => {
      if (frame.type === "joined") this.#pages.set(`${by} ${frame.room}`, frame.to);
      if (frame.type === "ack") this.#note({ type: "acked", room: frame.room, by, id: frame.id, seq: frame.seq });
    };
    return class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        this.on("message", (data) => received(JSON.parse(String(data))));
      }

      override send(data: string): void {
        sending(JSON.parse(data));
        super.send(data);
      }
    };
  }

  /** Notes what this stay in the room shows; to be called before anything else can come. */
  follow({ name, userId }: { name: string; userId: string }, room: Room): void {
    const reader = `${name} ${this.#stays.size + 1}`;
    const about = { room: room.id, reader };
    this.#stays.set(room, reader);
    const begins = (type: "joined" | "discontinuity") => {
      const shows = shown(room);
      this.#newest.set(room, shows.at(-1)?.id ?? "");
      this.#note({ type, ...about, to: this.#pages.get(`${userId} ${room.id}`) ?? 0, shows });
    };
    const saw = (seq: number, message?: Content) =>
      this.#note({ type: "saw", ...about, seq, ...(message && { message }) });
    begins("joined");
    room.on("message", (message) => {
      this.#newest.set(room, message.id);
      saw(message.seq ?? 0, shownAs(message));
    });
    room.on("changed", ({ seq, message }) => saw(seq, message && contentOf(message)));
    room.on("notice", ({ seq }) => saw(seq));
    room.on("discontinuity", () => begins("discontinuity"));
    room.on("left", () => this.#note({ type: "left", ...about }));
  }

  /** Whether this message, of all that were seen, is the newest. */
  hasLast(room: Room, id: string): boolean {
    return this.#newest.get(room) === id;
  }

  /** Says something, for which the client then has to answer. */
  say(by: string, room: Room, text: string): string {
    const id = room.send(text);
    this.#note({ type: "said", room: room.id, by, id });
    return id;
  }

  /** Notes what comes of a change, for which the client then has to answer. */
  change(by: string, room: Room, done: Promise<void>): void {
    const about = { room: room.id, by, id: `change ${++this.#changes}` };
    this.#note({ type: "said", ...about });
    this.#countOpen(room, 1);
    const settled = (refused?: string) => {
      this.#countOpen(room, -1);
      this.#note({ type: "settled", ...about, ...(refused !== undefined && { refused }) });
    };
    done.then(
      () => settled(),
      (error) => settled(error instanceof ParlorError ? error.code : "error"),
    );
  }

  /** Whether a change is on its way in this room. */
  isChanging(room: Room): boolean {
    return (this.#open.get(room) ?? 0) > 0;
  }

  #countOpen(room: Room, by: number): void {
    this.#open.set(room, (this.#open.get(room) ?? 0) + by);
  }

  /** Notes what the room shows after all that was said. */
  end(by: string, room: Room): void {
    for (const { id, status } of room.messages) {
      if (status === "failed") this.#note({ type: "settled", room: room.id, by, id, refused: "failed" });
    }
    this.#note({ type: "ended", room: room.id, reader: this.#stays.get(room) ?? "", shows: shown(room) });
  }

  /** Notes the final log. */
  log(room: string, events: readonly LogEvent[]): void {
    for (const event of events) this.#note({ type: "logged", room, event });
  }

  #sending(by: string, frame: ClientFrame): void {
    const request = requestOf(frame);
    if (!request || !("room" in frame) || frame.id === undefined) return;
    const { room, id } = frame;
    const key = `${by} ${room} ${id}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    this.#note({ type: "asked", room, by, id, request });
  }

  #note(event: HistoryEvent): void {
    this.history.push(event);
  }
}

function requestOf(frame: ClientFrame): Request | undefined {
  switch (frame.action) {
    case "send":
      return { action: "send", text: frame.text };
    case "edit":
      return { action: "edit", seq: frame.seq, text: frame.text };
    case "delete":
      return { action: "delete", seq: frame.seq };
    case "react":
      return { action: "react", seq: frame.seq, emoji: frame.emoji, on: frame.on };
    default:
      return undefined;
  }
}

/** What the room shows of its log. */
function shown(room: Room): Content[] {
  return room.messages.filter(({ status, seq }) => status === "sent" && seq !== undefined).map(shownAs);
}

function shownAs({ seq = 0, id, from, text, deletedAt, reactions }: RoomMessage): Content {
  return {
    seq,
    id,
    from: from.userId,
    text,
    ...(deletedAt !== undefined && { deleted: true as const }),
    ...(reactions.length > 0 && { reactions }),
  };
}
