// Records the history of a run: requests and acknowledgements on the wire, and the events that the client emits.

import { WebSocket } from "ws";
import { ParlorError, type Room, type RoomMessage, type WebSocketConstructor } from "../../client/src/index.ts";
import type { ClientFrame, LogEvent, ServerFrame } from "../../client/src/protocol.ts";
import type { Content, HistoryEvent, Request } from "./history.ts";
import { contentOf } from "./room-history.ts";

export class Recorder {
  readonly history: HistoryEvent[] = [];
  #changes = 0;
  readonly #readers = new Map<Room, string>();
  /** The last number on the page of the last `joined`, by person and room. */
  readonly #pageEnds = new Map<string, number>();
  /** The id of the newest message that was seen. */
  readonly #newest = new Map<Room, string>();
  readonly #pendingChanges = new Map<Room, number>();
  /** Recorded requests: a retry of the same request is recorded only once. */
  readonly #requested = new Set<string>();

  /** Returns a WebSocket class that records this person's requests and their acknowledgements. */
  webSocketClass(by: string): WebSocketConstructor {
    const sending = (frame: ClientFrame) => this.#recordRequest(by, frame);
    const received = (frame: ServerFrame) => {
      if (frame.type === "joined") this.#pageEnds.set(`${by} ${frame.room}`, frame.to);
      if (frame.type === "ack") this.#record({ type: "acked", room: frame.room, by, id: frame.id, seq: frame.seq });
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

  /** Records what this room emits. Must be called before the room can receive anything more. */
  recordRoom({ name, userId }: { name: string; userId: string }, room: Room): void {
    const reader = `${name} ${this.#readers.size + 1}`;
    const common = { room: room.id, reader };
    this.#readers.set(room, reader);
    const start = (type: "joined" | "discontinuity") => {
      const shows = shownContents(room);
      this.#newest.set(room, shows.at(-1)?.id ?? "");
      this.#record({ type, ...common, to: this.#pageEnds.get(`${userId} ${room.id}`) ?? 0, shows });
    };
    const saw = (seq: number, message?: Content) =>
      this.#record({ type: "saw", ...common, seq, ...(message && { message }) });
    start("joined");
    room.on("message", (message) => {
      this.#newest.set(room, message.id);
      saw(message.seq ?? 0, contentOfRoomMessage(message));
    });
    room.on("changed", ({ seq, message }) => saw(seq, message && contentOf(message)));
    room.on("notice", ({ seq }) => saw(seq));
    room.on("discontinuity", () => start("discontinuity"));
    room.on("left", () => this.#record({ type: "left", ...common }));
  }

  /** Whether this is the newest message that was seen. */
  hasNewest(room: Room, id: string): boolean {
    return this.#newest.get(room) === id;
  }

  /** Sends a message, whose outcome the client then has to report. */
  send(by: string, room: Room, text: string): string {
    const id = room.send(text);
    this.#record({ type: "submitted", room: room.id, by, id });
    return id;
  }

  /** Records a change and its outcome, which the client has to report. */
  trackChange(by: string, room: Room, done: Promise<void>): void {
    const common = { room: room.id, by, id: `change ${++this.#changes}` };
    this.#record({ type: "submitted", ...common });
    this.#countPending(room, 1);
    const completed = (refused?: string) => {
      this.#countPending(room, -1);
      this.#record({ type: "completed", ...common, ...(refused !== undefined && { refused }) });
    };
    done.then(
      () => completed(),
      (error) => completed(error instanceof ParlorError ? error.code : "error"),
    );
  }

  hasPendingChanges(room: Room): boolean {
    return (this.#pendingChanges.get(room) ?? 0) > 0;
  }

  #countPending(room: Room, by: number): void {
    this.#pendingChanges.set(room, (this.#pendingChanges.get(room) ?? 0) + by);
  }

  /** Records what the room shows at the end of the run. */
  recordEnd(by: string, room: Room): void {
    for (const { id, status } of room.messages) {
      if (status === "failed") this.#record({ type: "completed", room: room.id, by, id, refused: "failed" });
    }
    this.#record({ type: "ended", room: room.id, reader: this.#readers.get(room) ?? "", shows: shownContents(room) });
  }

  recordLog(room: string, events: readonly LogEvent[]): void {
    for (const event of events) this.#record({ type: "logged", room, event });
  }

  #recordRequest(by: string, frame: ClientFrame): void {
    const request = requestOf(frame);
    if (!request || !("room" in frame) || frame.id === undefined) return;
    const { room, id } = frame;
    const key = `${by} ${room} ${id}`;
    if (this.#requested.has(key)) return;
    this.#requested.add(key);
    this.#record({ type: "requested", room, by, id, request });
  }

  #record(event: HistoryEvent): void {
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

/** The room's messages that have a number. */
function shownContents(room: Room): Content[] {
  return room.messages.filter(({ status, seq }) => status === "sent" && seq !== undefined).map(contentOfRoomMessage);
}

function contentOfRoomMessage({ seq = 0, id, from, text, deletedAt, reactions }: RoomMessage): Content {
  return {
    seq,
    id,
    from: from.userId,
    text,
    ...(deletedAt !== undefined && { deleted: true as const }),
    ...(reactions.length > 0 && { reactions }),
  };
}
