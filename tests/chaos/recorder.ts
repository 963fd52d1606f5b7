// Records the history of a run: requests and acknowledgements on the wire, and the events that the client emits.

import { WebSocket } from "ws";
import {
  isConversation,
  ParlorError,
  type Room,
  type RoomMessage,
  type WebSocketConstructor,
} from "../../client/src/index.ts";
import { isLogEvent } from "../../client/src/log.ts";
import type { ClientFrame, Conversation, LogEvent, ServerFrame } from "../../client/src/protocol.ts";
import { type Content, type Description, EVERY_ROOM, type HistoryEvent, type Request } from "./history.ts";
import type { Tap } from "./proxy.ts";
import { contentOf } from "./room-history.ts";

/** A client of a person. */
export interface Device {
  readonly name: string;
  readonly userId: string;
}

export class Recorder {
  readonly history: HistoryEvent[] = [];
  #changes = 0;
  readonly #readers = new Map<Room, string>();
  /** The last number on the page of the last `joined`, by device and room. */
  readonly #pageEnds = new Map<string, number>();
  /** The id of the newest message that was seen. */
  readonly #newest = new Map<Room, string>();
  /** When each connection was opened, and when its last frame was posted. */
  readonly #connections = new Map<string, { by: string; from: number; to: number }>();
  readonly #pendingChanges = new Map<Room, number>();
  /** Recorded requests: a retry of the same request is recorded only once. */
  readonly #requested = new Set<string>();

  /** Returns a WebSocket class that records this device's requests and their acknowledgements. */
  webSocketClass({ name: device, userId: by }: Device): WebSocketConstructor {
    const sending = (frame: ClientFrame) => this.#recordRequest(by, frame);
    const received = (frame: ServerFrame) => {
      if (frame.type === "joined") this.#pageEnds.set(`${device} ${frame.room}`, frame.to);
      if (frame.type !== "ack") return;
      const { room, id, seq } = frame;
      this.#record({ type: "acked", room, by, id, seq, at: Date.now() });
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

  /** Returns what records the numbers of conversations that are posted to this device's connections. */
  tap({ name, userId: by }: Device): Tap {
    const nameOf = (connection: number) => `${name}'s connection ${connection}`;
    return {
      opened: (connection) => this.#connections.set(nameOf(connection), { by, from: Date.now(), to: Date.now() }),
      posted: (number, text) => {
        const connection = nameOf(number);
        const span = this.#connections.get(connection);
        const frame: ServerFrame = JSON.parse(text);
        // A frozen connection is read late: only the frame itself tells when it was posted.
        if (span && "at" in frame) span.to = Math.max(span.to, frame.at);
        if (!("room" in frame) || !isConversation(frame.room) || frame.type === "left") return;
        this.#record({ type: "posted", room: frame.room, by, connection, seqs: numbersIn(frame) });
      },
    };
  }

  /** Records when connections were open. */
  recordConnections(): void {
    for (const [connection, span] of this.#connections)
      this.#record({ type: "connected", room: EVERY_ROOM, connection, ...span });
  }

  /** Records what this room emits. Must be called before the room can receive anything more. */
  recordRoom({ name, userId }: Device, room: Room): void {
    const reader = `${name} ${this.#readers.size + 1}`;
    const common = { room: room.id, reader };
    this.#readers.set(room, reader);
    const page = () => {
      const shows = shownContents(room);
      this.#newest.set(room, shows.at(-1)?.id ?? "");
      return { ...common, to: this.#pageEnds.get(`${name} ${room.id}`) ?? 0, shows };
    };
    const saw = (seq: number, message?: Content) =>
      this.#record({ type: "saw", ...common, seq, ...(message && { message }) });
    this.#record({ type: "joined", by: userId, ...page() });
    room.on("message", (message) => {
      this.#newest.set(room, message.id);
      saw(message.seq ?? 0, contentOfRoomMessage(message));
    });
    room.on("changed", ({ seq, message }) => saw(seq, message && contentOf(message)));
    room.on("notice", ({ seq }) => saw(seq));
    room.on("discontinuity", () => this.#record({ type: "discontinuity", ...page() }));
    room.on("left", (reason) => {
      this.#record({ type: "left", ...common });
      this.#recordFailed(userId, room, reason);
    });
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
    this.#recordFailed(by, room, "failed");
    const reader = this.#readers.get(room) ?? "";
    const complete = isConversation(room.id) && { complete: true as const };
    this.#record({ type: "ended", room: room.id, reader, shows: shownContents(room), ...complete });
  }

  /** Records who may read a conversation, as one of its members was told. */
  recordConversation({ room, kind, history, members }: Conversation): void {
    const direct = kind === "direct" && { direct: members.map(({ userId }) => userId) };
    this.#record({ type: "conversation", room, history, ...direct });
  }

  /** Records what a device knows of a conversation at the end of the run, or what the server says of it. */
  recordDescription({ name: device, userId: by }: Device, room: string, known: Conversation | undefined): void {
    const is = known && { is: describe(known) };
    this.#record({ type: "described", room, by, device, ...is });
  }

  recordLog(room: string, events: readonly LogEvent[]): void {
    for (const event of events) this.#record({ type: "logged", room, event });
  }

  #recordFailed(by: string, room: Room, refused: string): void {
    for (const { id, status } of room.messages) {
      if (status === "failed") this.#record({ type: "completed", room: room.id, by, id, refused });
    }
  }

  #recordRequest(by: string, frame: ClientFrame): void {
    const request = requestOf(frame);
    if (!request || !("room" in frame) || frame.id === undefined) return;
    const { room, id } = frame;
    const key = `${by} ${room} ${id}`;
    if (this.#requested.has(key)) return;
    this.#requested.add(key);
    this.#record({ type: "requested", room, by, id, request, at: Date.now() });
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

/** Returns the numbers of the events in a frame, and of the messages that its changes carry. */
function numbersIn(frame: ServerFrame): number[] {
  const events = isLogEvent(frame) ? [frame] : "events" in frame ? frame.events : [];
  return events.flatMap((event) =>
    event.type === "change" && event.message ? [event.seq, event.message.seq] : [event.seq],
  );
}

export function describe({ seq, latest, read, unread, members }: Conversation): Description {
  const ids = members.map(({ userId }) => userId).sort();
  return { seq, ...(latest && { latest: { seq: latest.seq, text: latest.text } }), read, unread, members: ids };
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
