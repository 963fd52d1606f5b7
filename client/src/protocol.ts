// Generated from handlers/protocol by `npm run generate`.

/** Limits of the protocol. Sizes in bytes, lengths in Unicode scalar values, durations in milliseconds. */
export const limits = {
  defaultLobbyRooms: 20,
  defaultPageEvents: 50,
  frameBytes: 16384,
  idempotencyMs: 86400000,
  leaseMs: 300000,
  lobbyRooms: 50,
  pageEvents: 100,
  personNameLength: 32,
  roomNameLength: 80,
  roomsPerPerson: 50,
  textLength: 4000,
  topicLength: 200,
} as const;

/**
 * Any frame from a client; only the generated descriptions need them in one type.
 */
export type ClientFrame = { "action": "join" } & Join | { "action": "leave" } & Leave | { "action": "send" } & Send | { "action": "edit" } & Edit | { "action": "delete" } & Delete | { "action": "react" } & React | { "action": "history" } & History | { "action": "typing" } & Typing | { "action": "ping" } & Ping;

/**
 * Come into a room; again to come back after a break, or under another name.
 */
export type Join = { room: RoomId, name?: PersonName, since?: Position, id?: FrameId, };

/**
 * Go out of a room.
 */
export type Leave = { room: RoomId, id?: FrameId, };

/**
 * Say something. The same `id` from the same person is the same message.
 */
export type Send = { room: RoomId, id: FrameId, text: Text, };

/**
 * Give one's own message another text.
 */
export type Edit = { room: RoomId, 
/**
 * The message's number.
 */
seq: number, 
/**
 * The log that the number is of; where it is another one by now, there is no such message.
 */
epoch?: string, id: FrameId, text: Text, };

/**
 * Take a message's text away; its place stays. One's own, or any as the room's owner.
 */
export type Delete = { room: RoomId, 
/**
 * The message's number.
 */
seq: number, 
/**
 * The log that the number is of; where it is another one by now, there is no such message.
 */
epoch?: string, id: FrameId, };

/**
 * Put an emoji to a message, or take one's own away.
 */
export type React = { room: RoomId, 
/**
 * The message's number.
 */
seq: number, 
/**
 * The log that the number is of; where it is another one by now, there is no such message.
 */
epoch?: string, id: FrameId, emoji: Emoji, on: boolean, };

/**
 * Ask for what happened `before` or `after` a number; with neither, for the newest.
 */
export type History = { room: RoomId, before?: number, after?: number, limit?: number, id?: FrameId, };

/**
 * Tell the others that one is typing.
 */
export type Typing = { room: RoomId, id?: FrameId, };

/**
 * Stay in one's rooms, and learn their newest numbers.
 */
export type Ping = { id?: FrameId, };

/**
 * A place in a room's log: everything up to `seq` of this `epoch`.
 */
export type Position = { epoch: string, seq: number, };

/**
 * Any frame from Parlor.
 */
export type ServerFrame = { "type": "joined" } & Joined | { "type": "left" } & Left | { "type": "message" } & Message | { "type": "change" } & Change | { "type": "notice" } & Notice | { "type": "voids" } & Voids | { "type": "presence" } & Presence | { "type": "typing" } & TypingNotice | { "type": "history" } & HistoryPage | { "type": "ack" } & Ack | { "type": "pong" } & Pong | { "type": "error" } & ErrorFrame;

/**
 * To the one who joined: the room as it is, up to `to`; what follows is posted, or had by `history`.
 */
export type Joined = { name: string, topic?: string, visibility: Visibility, you: Person, 
/**
 * The persons in the room, each once, by name; at most 100 of them.
 */
people: Array<Person>, 
/**
 * How many persons are in the room.
 */
count: number, 
/**
 * Whether the page begins right after the position that the join named.
 */
recovered: boolean, id?: FrameId, room: string, epoch: string, 
/**
 * The newest number given out in the room.
 */
seq: number, from: number, 
/**
 * `from` − 1 where the page is empty.
 */
to: number, 
/**
 * Oldest first; messages as they now are.
 */
events: Array<LogEvent>, };

/**
 * To the one who is no longer in the room.
 */
export type Left = { room: string, reason: LeftReason, id?: FrameId, };

export type LeftReason = "left" | "leaseExpired" | "closed";

/**
 * Something lasting that happened in a room.
 */
export type LogEvent = { "type": "message" } & Message | { "type": "change" } & Change | { "type": "notice" } & Notice;

/**
 * What somebody said, as it now is.
 */
export type Message = { room: string, epoch: string, seq: number, 
/**
 * The sender's own id for it.
 */
id: string, from: Person, 
/**
 * Empty once it was deleted.
 */
text: string, at: number, 
/**
 * The number of the last change; absent while there was none.
 */
version?: number, editedAt?: number, deletedAt?: number, 
/**
 * In the order in which their emoji first came.
 */
reactions?: Array<Reaction>, 
/**
 * Numbers of this epoch that are void: whoever posts this event drew them and did not use them. In ascending order,
 * and only in the frame that is posted, never on a page.
 */
voids?: Array<number>, };

/**
 * An emoji at a message, and the persons who put it there.
 */
export type Reaction = { emoji: string, userIds: Array<string>, };

/**
 * Something happened to a message.
 */
export type Change = { room: string, epoch: string, seq: number, 
/**
 * The message's number.
 */
of: number, kind: ChangeKind, 
/**
 * Of a reaction.
 */
emoji?: string, by: Person, at: number, 
/**
 * The message as it now is: never older than this change, but perhaps newer. On a page, only the last change of each
 * message has it.
 */
message?: Message, 
/**
 * As in a message.
 */
voids?: Array<number>, };

export type ChangeKind = "edited" | "deleted" | "reacted" | "unreacted";

/**
 * Something happened to the room.
 */
export type Notice = { room: string, epoch: string, seq: number, kind: NoticeKind, 
/**
 * How the room is now called.
 */
name: string, topic?: string, 
/**
 * The room's owner.
 */
by: Person, at: number, 
/**
 * As in a message.
 */
voids?: Array<number>, };

export type NoticeKind = "renamed" | "cleared" | "closed";

/**
 * Numbers that are void, when no event is posted with them.
 */
export type Voids = { room: string, epoch: string, 
/**
 * In ascending order.
 */
seqs: Array<number>, };

/**
 * Persons came, went, or changed their name.
 */
export type Presence = { room: string, event: PresenceEvent, 
/**
 * Each once; at least one. Many who go at the same time are told of together.
 */
people: Array<Person>, 
/**
 * How many persons are in the room now.
 */
count: number, };

export type PresenceEvent = "joined" | "left" | "renamed";

/**
 * Somebody is typing.
 */
export type TypingNotice = { room: string, from: Person, };

/**
 * A page of the log, to the one who asked.
 */
export type HistoryPage = { id?: FrameId, room: string, epoch: string, 
/**
 * The newest number given out in the room.
 */
seq: number, from: number, 
/**
 * `from` − 1 where the page is empty.
 */
to: number, 
/**
 * Oldest first; messages as they now are.
 */
events: Array<LogEvent>, };

/**
 * To the one who sent, edited, deleted or reacted: the log has it at this number. Where nothing had to change, it is the
 * number of the message's last change.
 */
export type Ack = { room: string, epoch: string, id: FrameId, seq: number, at: number, };

/**
 * The answer to a ping.
 */
export type Pong = { 
/**
 * The server's time.
 */
at: number, 
/**
 * The rooms that this connection is in.
 */
rooms: { [key in string]: RoomState }, id?: FrameId, };

/**
 * A room as it is now, for a client to compare with what it shows.
 */
export type RoomState = { epoch: string, 
/**
 * The newest number of its log.
 */
seq: number, 
/**
 * How many persons are in the room. Absent, as `people` is, where the room has more than 100 connections.
 */
count?: number, 
/**
 * A digest of these persons' ids and names; docs/protocol.md says how to compute it.
 */
people?: string, };

/**
 * Instead of the answer.
 */
export type ErrorFrame = { code: ErrorCode, 
/**
 * For people.
 */
message: string, 
/**
 * Whether the same frame may succeed later.
 */
retryable: boolean, 
/**
 * Before this time has passed it will not, in milliseconds.
 */
retryAfterMs?: number, id?: FrameId, };

/**
 * Somebody, as the others see them.
 */
export type Person = { userId: string, name: string, };

/**
 * Why a frame or a request was refused.
 */
export type ErrorCode = "badFrame" | "frameTooLarge" | "unknownAction" | "invalidField" | "unauthorized" | "forbidden" | "roomNotFound" | "roomClosed" | "notJoined" | "messageNotFound" | "messageDeleted" | "tooManyReactions" | "idReused" | "tooManyRooms" | "roomFull" | "connectionExpired" | "rateLimited" | "unavailable";

/**
 * Body of `POST /api/sessions`.
 */
export type NewSession = { name: PersonName, };

/**
 * A guest's identity, and the token that proves it.
 */
export type Session = { token: string, userId: string, name: string, expiresAt: number, };

/**
 * Body of `POST /api/rooms`.
 */
export type NewRoom = { name: RoomName, topic?: Topic, visibility?: Visibility, };

/**
 * Body of `PATCH /api/rooms/{roomId}`: what it does not name stays.
 */
export type RoomUpdate = { name?: RoomName, 
/**
 * `null` or empty: none any more.
 */
topic?: Topic | null, };

/**
 * Who finds a room.
 */
export type Visibility = "public" | "unlisted";

/**
 * A room as the HTTP API describes it.
 */
export type Room = { roomId: string, name: string, topic?: string, visibility: Visibility, 
/**
 * The address of the room's page, to share.
 */
link: string, createdAt: number, 
/**
 * When something was last said, to the minute.
 */
activeAt: number, 
/**
 * When the room closes if nothing more is said.
 */
expiresAt: number, 
/**
 * How many persons are in the room.
 */
people: number, };

/**
 * A page of the lobby, most recently active first.
 */
export type RoomList = { rooms: Array<Room>, 
/**
 * Asks for the next page; absent on the last.
 */
cursor?: string, };

/**
 * A stretch of a room's log: the numbers `from` to `to`, both included. A number in it without an event is void.
 */
export type LogPage = { room: string, epoch: string, 
/**
 * The newest number given out in the room.
 */
seq: number, from: number, 
/**
 * `from` − 1 where the page is empty.
 */
to: number, 
/**
 * Oldest first; messages as they now are.
 */
events: Array<LogEvent>, };

/**
 * The log of this epoch is over, and a part of it is still to be deleted.
 */
export type Clearing = { epoch: string, };

/**
 * An HTTP error: problem details (RFC 9457).
 */
export type Problem = { type: string, title: string, status: number, detail: string, code: ErrorCode, 
/**
 * Before this time has passed the same request will not succeed, in milliseconds.
 */
retryAfterMs?: number, };

/**
 * What names a room on the wire. Any short string is let through: whether there is such a room, the store knows.
 */
export type RoomId = string;

/**
 * A client's own name for a frame; with the sender, what makes a message happen once.
 */
export type FrameId = string;

/**
 * What somebody says: kept as it came, to the last space.
 */
export type Text = string;

/**
 * One emoji, as people see it: it may be made of several characters, as flags and families are. Any text is let through,
 * so that reactions from before there was a rule can be taken away; an emoji takes its fully qualified form.
 */
export type Emoji = string;

/**
 * How a person is called.
 */
export type PersonName = string;

/**
 * How a room is called.
 */
export type RoomName = string;

/**
 * What a room is about.
 */
export type Topic = string;
