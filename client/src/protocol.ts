// Generated from handlers/protocol by `npm run generate`.

/** Limits of the protocol. Sizes in bytes, lengths in Unicode scalar values, durations in milliseconds. */
export const limits = {
  conversations: 50,
  defaultLobbyRooms: 20,
  defaultPageEvents: 50,
  explanationLength: 200,
  fewestAbsenceSeconds: 30,
  fewestPeople: 2,
  fewestRestrictionSeconds: 60,
  fewestSeconds: 60,
  frameBytes: 16384,
  groupMembers: 100,
  handleLength: 32,
  hookUrlLength: 256,
  hooksPerRoom: 10,
  idempotencyMs: 86400000,
  leaseMs: 300000,
  listedEvents: 200,
  lobbyRooms: 50,
  mentions: 20,
  mostAbsenceSeconds: 86400,
  mostPeople: 1000,
  mostRestrictionSeconds: 2592000,
  mostSeconds: 2592000,
  mostSlowSeconds: 3600,
  pageEvents: 100,
  passwordLength: 128,
  personNameLength: 32,
  receiptMembers: 20,
  roomNameLength: 80,
  roomsPerPerson: 50,
  shortestPassword: 8,
  textLength: 4000,
  toldPerRoom: 3,
  topicLength: 200,
  unreadCounted: 100,
} as const;

/** What each role may do in a room. While members are silenced, they may do nothing. */
export const permissions: Record<Role, readonly Permission[]> = {
  owner: ["write","deleteAny","kick","ban","mute","slowMode","lock","mentionRoom","appoint","handOver","update","clear","close"],
  moderator: ["write","deleteAny","kick","ban","mute","slowMode","lock"],
  member: ["write"],
};

/**
 * Any frame that a client sends: a JSON object with an `action`. The server refuses unknown actions and unknown fields.
 */
export type ClientFrame = { "action": "join" } & Join | { "action": "leave" } & Leave | { "action": "send" } & Send | { "action": "edit" } & Edit | { "action": "delete" } & Delete | { "action": "react" } & React | { "action": "history" } & History | { "action": "read" } & Read | { "action": "typing" } & Typing | { "action": "register" } & Register | { "action": "ping" } & Ping;

/**
 * Joins a room. Idempotent: join again to resume after a lost connection or to change the name.
 */
export type Join = { room: RoomId, name?: PersonName, since?: Position, 
/**
 * Required if the room has a password: see `POST /api/rooms/{roomId}/passes`.
 */
pass?: Pass, id?: FrameId, };

/**
 * Leaves a room.
 */
export type Leave = { room: RoomId, id?: FrameId, };

/**
 * Sends a message. Repeating the `id` in the same room within 24 hours returns the first message
 * instead of storing another, unless the room was cleared.
 */
export type Send = { 
/**
 * Either this or `to`.
 */
room?: RoomId, 
/**
 * The handle of a person: sends to the direct conversation with them, which is created if there is none.
 */
to?: Handle, id: FrameId, text: Text, 
/**
 * The number of the message that this one answers.
 */
replyTo?: number, 
/**
 * The epoch that `replyTo` belongs to. If the room has started a new one, the message no longer exists.
 */
epoch?: string, 
/**
 * Whom the text mentions, by `userId`. Nobody checks that they exist.
 */
mentions?: Mentions, 
/**
 * The text mentions everyone in the room. Only the room's owner may say so.
 */
mentionsRoom?: boolean, };

/**
 * Replaces the text of your own message, and whom it mentions.
 */
export type Edit = { room: RoomId, 
/**
 * The message's number.
 */
seq: number, 
/**
 * The epoch that `seq` belongs to. If the room has started a new one, the message no longer exists.
 */
epoch?: string, id: FrameId, text: Text, 
/**
 * Whom the text mentions, by `userId`. Nobody checks that they exist.
 */
mentions?: Mentions, 
/**
 * The text mentions everyone in the room. Only the room's owner may say so.
 */
mentionsRoom?: boolean, };

/**
 * Deletes the text of a message; its number remains. The author may do this, and the room's owner.
 */
export type Delete = { room: RoomId, 
/**
 * The message's number.
 */
seq: number, 
/**
 * The epoch that `seq` belongs to. If the room has started a new one, the message no longer exists.
 */
epoch?: string, id: FrameId, };

/**
 * Adds your reaction to a message (`on: true`) or removes it (`on: false`).
 */
export type React = { room: RoomId, 
/**
 * The message's number.
 */
seq: number, 
/**
 * The epoch that `seq` belongs to. If the room has started a new one, the message no longer exists.
 */
epoch?: string, id: FrameId, emoji: Emoji, on: boolean, };

/**
 * Requests the log page `before` or `after` a number; with neither, the newest.
 */
export type History = { room: RoomId, before?: number, after?: number, limit?: number, id?: FrameId, };

/**
 * Moves your read marker in a conversation forward to a number, or with `unread` back to just before it.
 */
export type Read = { room: RoomId, seq: number, unread?: boolean, 
/**
 * The others do not see your marker, and you do not see theirs, until you send one without this.
 */
private?: boolean, id?: FrameId, };

/**
 * Tells the others in the room that you are typing. Has no answer.
 */
export type Typing = { room: RoomId, id?: FrameId, };

/**
 * Claims a handle, instead of the one you have. Idempotent: register again to renew it.
 */
export type Register = { 
/**
 * With or without a leading `@`.
 */
handle: Handle, id?: FrameId, };

/**
 * Renews the connection's leases and requests the newest number of each of its rooms.
 */
export type Ping = { id?: FrameId, };

/**
 * A position in a room's log: the client has every event of `epoch` up to `seq`.
 */
export type Position = { epoch: string, seq: number, };

/**
 * Any frame that Parlor sends: a JSON object with a `type`. Ignore frames whose `type` you do not know, and unknown fields.
 */
export type ServerFrame = { "type": "joined" } & Joined | { "type": "left" } & Left | { "type": "message" } & Message | { "type": "change" } & Change | { "type": "notice" } & Notice | { "type": "voids" } & Voids | { "type": "presence" } & Presence | { "type": "typing" } & PersonTyping | { "type": "draft" } & Draft | { "type": "history" } & HistoryPage | { "type": "ack" } & Ack | { "type": "registered" } & Registered | { "type": "pong" } & Pong | { "type": "read" } & ReadMarker | { "type": "error" } & ErrorFrame;

/**
 * The answer to `join`: the room and its log up to `to`. Later events are posted; if `to` < `seq`, request those in between
 * with `history`.
 */
export type Joined = { name: string, topic?: string, visibility: Visibility, 
/**
 * The server's time.
 */
at: number, 
/**
 * Only in a conversation.
 */
conversation?: JoinedConversation, 
/**
 * The bots that answer here when they are mentioned. Only in rooms: those of a conversation are members.
 */
bots?: Array<Person>, 
/**
 * The caller, under the name they joined with.
 */
you: Person, role: Role, 
/**
 * What you may do now. Notices tell what changes: of moderation, and of rules.
 */
may: Array<Permission>, 
/**
 * If you are muted.
 */
muted?: Restriction, 
/**
 * The people in the room, each once, sorted by name; at most 100.
 */
people: Array<Person>, 
/**
 * The number of people in the room.
 */
count: number, 
/**
 * Whether the page begins right after the position given in `since`. If not, it is the newest page.
 */
recovered: boolean, id?: FrameId, 
/**
 * When the room ends, however active it is. Absent if nothing but inactivity ends it.
 */
endsAt?: number, 
/**
 * How many people the room holds. Absent if only the limit of connections counts.
 */
maxPeople?: Capacity, 
/**
 * Whether joining, and reading the room over HTTP, requires a pass.
 */
passwordRequired: boolean, 
/**
 * Whether two people in the room may not have names that look alike.
 */
uniqueNames: boolean, 
/**
 * The room ends once its owner has been away this long.
 */
endsWithoutOwnerAfterSeconds?: AbsenceSeconds, 
/**
 * Everyone but moderators sends at most one message in so many seconds.
 */
slowModeSeconds?: SlowSeconds, 
/**
 * Only moderators write.
 */
locked?: boolean, 
/**
 * What is written is reviewed before it appears.
 */
reviewed?: boolean, room: string, epoch: string, 
/**
 * The newest number drawn in the room.
 */
seq: number, 
/**
 * The first number that you may read, if it is not 1. Only in conversations.
 */
first?: number, from: number, 
/**
 * `from` − 1 if the page is empty.
 */
to: number, 
/**
 * Oldest first. Messages are in their current state.
 */
events: Array<LogEvent>, };

/**
 * What `joined` says of a conversation in addition. `people` then lists the members who are connected.
 */
export type JoinedConversation = { kind: ConversationKind, 
/**
 * The number up to which you have read.
 */
read: number, 
/**
 * You first, then the others in the order in which they were added.
 */
members: Array<Member>, 
/**
 * Whether you have blocked the other person. Only in direct conversations.
 */
blocked?: boolean, };

/**
 * A member of a conversation has read up to a number. Sent to your other connections if it was you, and to the other
 * members if all agree and they are at most 20.
 */
export type ReadMarker = { room: string, userId: string, seq: number, 
/**
 * Only for the connection that sent `read`.
 */
id?: FrameId, };

/**
 * The connection is no longer in the room.
 */
export type Left = { room: string, reason: LeftReason, id?: FrameId, 
/**
 * When it ends. Absent if it does not end by itself.
 */
until?: number, 
/**
 * What the moderator says about it.
 */
explanation?: string, };

/**
 * Why the connection is no longer in the room. Rejoin after `leaseExpired`. Treat every other reason, known or not, as
 * final: rejoining would loop.
 */
export type LeftReason = "left" | "leaseExpired" | "closed" | "expired" | "idle" | "ownerAway" | "notMember" | "kicked" | "banned";

/**
 * An event of a room's log. An event of an unknown `type` only uses up its number: ignore it.
 */
export type LogEvent = { "type": "message" } & Message | { "type": "change" } & Change | { "type": "notice" } & Notice;

/**
 * A message in its current state.
 */
export type Message = { room: string, epoch: string, seq: number, 
/**
 * The `id` that the sender chose.
 */
id: string, from: Person, 
/**
 * Empty if the message was deleted.
 */
text: string, at: number, 
/**
 * The number of the message that this one answers. It may be void, deleted, or not a message at all.
 */
replyTo?: number, 
/**
 * Whom the text mentions, by `userId`.
 */
mentions?: Array<string>, 
/**
 * The text mentions everyone in the room.
 */
mentionsRoom?: boolean, 
/**
 * Answers that a bot suggests.
 */
quickReplies?: Array<QuickReply>, 
/**
 * The number of the last change. Absent if there was none. Of two copies of a message, the one with the higher `version`
 * is newer.
 */
version?: number, editedAt?: number, deletedAt?: number, 
/**
 * In the order in which each emoji was first used.
 */
reactions?: Array<Reaction>, 
/**
 * Void numbers of this epoch, ascending: the request that stored this event drew them and did not use them. Only in
 * the posted frame, never on a log page.
 */
voids?: Array<number>, };

/**
 * An answer that a bot suggests: a button.
 */
export type QuickReply = { 
/**
 * What the button shows.
 */
text: string, 
/**
 * What to send to the bot.
 */
value: string, };

/**
 * An emoji on a message, and the people who reacted with it.
 */
export type Reaction = { emoji: string, userIds: Array<string>, };

/**
 * A message was edited or deleted, or somebody's reaction to it was added or removed.
 */
export type Change = { room: string, epoch: string, seq: number, 
/**
 * The number of the changed message.
 */
of: number, kind: ChangeKind, 
/**
 * For `reacted` and `unreacted` only.
 */
emoji?: string, by: Person, at: number, 
/**
 * The message in its current state: never older than this change, possibly newer. On a log page, only the last change
 * of each message has it, and only if the message itself is not on the page.
 */
message?: Message, 
/**
 * As in [`Message`].
 */
voids?: Array<number>, };

export type ChangeKind = "edited" | "deleted" | "reacted" | "unreacted";

/**
 * The room was renamed, its rules changed, it was cleared or closed, its members or bots changed, or somebody was moderated.
 */
export type Notice = { room: string, epoch: string, seq: number, kind: NoticeKind, 
/**
 * The room's current name.
 */
name: string, topic?: string, 
/**
 * The room's rules as this notice leaves them. For `rulesChanged` only.
 */
rules?: RoomRules, 
/**
 * Whom it is about: people, or a bot.
 */
people?: Array<Person>, 
/**
 * Until when somebody is banned or muted. Absent if it does not end by itself.
 */
until?: number, 
/**
 * Where the room's messages go from now on, if a webhook was added that is told them.
 */
host?: string, 
/**
 * Who did it: the owner or a moderator of the room, or a member of the conversation.
 */
by: Person, at: number, 
/**
 * As in [`Message`].
 */
voids?: Array<number>, };

export type NoticeKind = "renamed" | "rulesChanged" | "cleared" | "closed" | "added" | "removed" | "memberLeft" | "kicked" | "banned" | "unbanned" | "muted" | "unmuted" | "appointed" | "dismissed" | "handedOver" | "botAdded" | "botRemoved";

/**
 * Numbers became void, and no event carries them. Sent to everyone in the room.
 */
export type Voids = { room: string, epoch: string, 
/**
 * Ascending.
 */
seqs: Array<number>, };

/**
 * People joined, left or changed their name. Sent to the others in the room.
 */
export type Presence = { room: string, event: PresenceKind, 
/**
 * Each once; at least one. People who leave at the same time share a frame.
 */
people: Array<Person>, 
/**
 * The number of people in the room now.
 */
count: number, };

export type PresenceKind = "joined" | "left" | "renamed";

/**
 * Somebody is typing. Sent to the others in the room.
 */
export type PersonTyping = { room: string, from: Person, };

/**
 * What a bot has written so far of its answer to the message at `seq`. It is not in the log, and each replaces the one
 * before. The answer follows, with `seq` as its `replyTo`.
 */
export type Draft = { room: string, epoch: string, seq: number, from: Person, text: string, };

/**
 * The answer to `history`.
 */
export type HistoryPage = { id?: FrameId, room: string, epoch: string, 
/**
 * The newest number drawn in the room.
 */
seq: number, 
/**
 * The first number that you may read, if it is not 1. Only in conversations.
 */
first?: number, from: number, 
/**
 * `from` − 1 if the page is empty.
 */
to: number, 
/**
 * Oldest first. Messages are in their current state.
 */
events: Array<LogEvent>, };

/**
 * The answer to `send`, `edit`, `delete` and `react`: the event is stored at `seq`. If nothing had to change, `seq` is the
 * number of the message's last change or, if it has none, the message's own.
 */
export type Ack = { room: string, epoch: string, id: FrameId, seq: number, at: number, };

/**
 * The answer to `register`: the handle is yours.
 */
export type Registered = { id?: FrameId, userId: string, 
/**
 * The person's name when they last claimed the handle.
 */
name: string, 
/**
 * Without `@`, as they wrote it.
 */
handle: string, };

/**
 * The answer to `ping`.
 */
export type Pong = { 
/**
 * The server's time.
 */
at: number, 
/**
 * The rooms that this connection is in, by id.
 */
rooms: { [key in string]: RoomState }, id?: FrameId, };

/**
 * The state of a room, which a client compares with its own to find missed posts.
 */
export type RoomState = { epoch: string, 
/**
 * The newest number of its log.
 */
seq: number, 
/**
 * The number of people in the room, or of connected members of a conversation. Like `people`, absent if the room has
 * more than 100 connections, or the conversation more than 20 members.
 */
count?: number, 
/**
 * A digest of these people's ids and names. docs/protocol.md describes how to compute it.
 */
people?: string, };

/**
 * Sent instead of the answer.
 */
export type ErrorFrame = { code: ErrorCode, 
/**
 * A human-readable explanation, in English.
 */
message: string, 
/**
 * Whether the same frame may succeed later.
 */
retryable: boolean, 
/**
 * Milliseconds before which the same frame will not succeed.
 */
retryAfterMs?: number, id?: FrameId, 
/**
 * When it ends. Absent if it does not end by itself.
 */
until?: number, 
/**
 * What the moderator says about it.
 */
explanation?: string, };

/**
 * A person, as everyone in a room sees them.
 */
export type Person = { userId: string, name: string, 
/**
 * Whether it is a bot: a program, not a person.
 */
bot?: boolean, };

/**
 * A person who has a handle.
 */
export type Profile = { userId: string, 
/**
 * The person's name when they last claimed the handle.
 */
name: string, 
/**
 * Without `@`, as they wrote it.
 */
handle: string, };

/**
 * Why a frame or a request was refused. Handle a code that you do not know by `retryable`.
 */
export type ErrorCode = "badFrame" | "frameTooLarge" | "unknownAction" | "invalidField" | "unauthorized" | "forbidden" | "roomNotFound" | "personNotFound" | "roomClosed" | "passRequired" | "wrongPassword" | "nameTaken" | "tooManyMembers" | "tooManyConnections" | "blocked" | "banned" | "muted" | "roomLocked" | "messageRefused" | "held" | "tooManyHeld" | "slowMode" | "handleTaken" | "alreadyLinked" | "notJoined" | "messageNotFound" | "messageDeleted" | "tooManyReactions" | "tooManyReports" | "idReused" | "tooManyRooms" | "roomFull" | "connectionExpired" | "rateLimited" | "unavailable";

/**
 * Body of `POST /api/sessions`.
 */
export type NewSession = { name: PersonName, };

/**
 * A guest's identity and its token.
 */
export type Session = { 
/**
 * Proves the identity in `?token=`, a subprotocol or `Authorization: Bearer`. Keep it secret.
 */
token: string, userId: string, name: string, expiresAt: number, };

/**
 * The person that a token identifies.
 */
export type Me = { userId: string, name: string, 
/**
 * Without `@`. Absent if they have none.
 */
handle?: string, };

/**
 * Body of `PUT /api/me/guest`.
 */
export type GuestLink = { 
/**
 * The guest's token.
 */
token: string, };

/**
 * A page of everything that is stored about a person. All but messages is on the first page.
 */
export type Export = { me?: Me, 
/**
 * The ids of the people whom you block.
 */
blocks?: Array<string>, memberships?: Array<Membership>, 
/**
 * The ids of the rooms that you have joined, and of the groups that you have left. Those that have ended may be missing.
 */
visited?: Array<string>, 
/**
 * Your messages, without deleted ones: those of a room follow each other, in the order of their numbers.
 */
messages: Array<Message>, 
/**
 * Requests the next page. Absent on the last.
 */
cursor?: string, };

/**
 * A person's membership of a conversation.
 */
export type Membership = { room: string, 
/**
 * Empty for a direct conversation.
 */
title: string, role: Role, addedAt: number, 
/**
 * The number up to which you have read.
 */
read?: number, 
/**
 * Whether you keep that number to yourself.
 */
private: boolean, };

/**
 * An erasure that has not finished.
 */
export type Erasing = { 
/**
 * Send the same request with this `cursor` to continue.
 */
cursor: string, };

/**
 * Body of `PUT /api/me/handle`.
 */
export type HandleClaim = { 
/**
 * With or without a leading `@`.
 */
handle: Handle, };

/**
 * Body of `POST /api/rooms`.
 */
export type NewRoom = { name: RoomName, topic?: Topic, visibility?: Visibility, 
/**
 * How long from now the room ends, in seconds. By default it ends after 24 hours without activity.
 */
expiresInSeconds?: RoomSeconds, 
/**
 * How many people the room holds.
 */
maxPeople?: Capacity, 
/**
 * What people must know to join, and to read the room over HTTP.
 */
password?: Password, 
/**
 * Whether two people in the room may not have names that look alike.
 */
uniqueNames?: boolean, 
/**
 * Ends the room once its owner has been away this long, in seconds. Requires a token.
 */
endsWithoutOwnerAfterSeconds?: AbsenceSeconds, 
/**
 * Whether what is written is reviewed before it appears. Only in a stage that has reviewers.
 */
reviewed?: boolean, };

/**
 * Body of `PATCH /api/rooms/{roomId}`. Absent fields stay as they are.
 */
export type RoomUpdate = { name?: RoomName, 
/**
 * `null` or `""` removes the topic.
 */
topic?: Topic | null, 
/**
 * How long from now the room ends. `null`: only after 24 hours without activity.
 */
expiresInSeconds?: RoomSeconds | null, 
/**
 * How many people the room holds. Nobody is removed. `null` removes the limit.
 */
maxPeople?: Capacity | null, 
/**
 * A new password invalidates every pass; who is inside stays. `null` removes the password.
 */
password?: Password | null, 
/**
 * Whether two people in the room may not have names that look alike. Nobody is removed or renamed.
 */
uniqueNames?: boolean, 
/**
 * Ends the room once its owner has been away this long. `null`: the owner's absence ends nothing.
 */
endsWithoutOwnerAfterSeconds?: AbsenceSeconds | null, };

/**
 * Who can find a room.
 */
export type Visibility = "public" | "unlisted";

/**
 * A room, as the HTTP API returns it.
 */
export type RoomInfo = { roomId: string, name: string, topic?: string, visibility: Visibility, 
/**
 * The address of the room on the page, to share.
 */
link: string, createdAt: number, 
/**
 * When the room last had an event, to the minute.
 */
activeAt: number, 
/**
 * When the room closes if there is no further activity.
 */
expiresAt: number, 
/**
 * The number of people in the room. A person with several connections counts once.
 */
people: number, 
/**
 * Whether the room holds nobody else at the moment.
 */
isFull: boolean, 
/**
 * The names of the people in the room, sorted; at most 100. Absent in the lobby, and without a pass if the room has a
 * password.
 */
names?: Array<string>, 
/**
 * The bots that answer here, in the order in which the owner allowed them.
 */
bots?: Array<Person>, 
/**
 * Those of them that are told the room's messages.
 */
told?: Array<ToldHook>, 
/**
 * What you may do. Only with a token.
 */
may?: Array<Permission>, 
/**
 * When the room ends, however active it is. Absent if nothing but inactivity ends it.
 */
endsAt?: number, 
/**
 * How many people the room holds. Absent if only the limit of connections counts.
 */
maxPeople?: Capacity, 
/**
 * Whether joining, and reading the room over HTTP, requires a pass.
 */
passwordRequired: boolean, 
/**
 * Whether two people in the room may not have names that look alike.
 */
uniqueNames: boolean, 
/**
 * The room ends once its owner has been away this long.
 */
endsWithoutOwnerAfterSeconds?: AbsenceSeconds, 
/**
 * Everyone but moderators sends at most one message in so many seconds.
 */
slowModeSeconds?: SlowSeconds, 
/**
 * Only moderators write.
 */
locked?: boolean, 
/**
 * What is written is reviewed before it appears.
 */
reviewed?: boolean, };

/**
 * A lobby page: open public rooms, most recently active first.
 */
export type RoomList = { rooms: Array<RoomInfo>, 
/**
 * Requests the next page. Absent on the last.
 */
cursor?: string, };

/**
 * The rules of a room.
 */
export type RoomRules = { 
/**
 * When the room ends, however active it is. Absent if nothing but inactivity ends it.
 */
endsAt?: number, 
/**
 * How many people the room holds. Absent if only the limit of connections counts.
 */
maxPeople?: Capacity, 
/**
 * Whether joining, and reading the room over HTTP, requires a pass.
 */
passwordRequired: boolean, 
/**
 * Whether two people in the room may not have names that look alike.
 */
uniqueNames: boolean, 
/**
 * The room ends once its owner has been away this long.
 */
endsWithoutOwnerAfterSeconds?: AbsenceSeconds, 
/**
 * Everyone but moderators sends at most one message in so many seconds.
 */
slowModeSeconds?: SlowSeconds, 
/**
 * Only moderators write.
 */
locked?: boolean, 
/**
 * What is written is reviewed before it appears.
 */
reviewed?: boolean, };

export type ConversationKind = "direct" | "group";

export type Role = "owner" | "moderator" | "member";

/**
 * What a new member of a group may read.
 */
export type HistoryAccess = "all" | "joined";

/**
 * A member of a conversation.
 */
export type Member = { role: Role, 
/**
 * The number up to which they have read. Absent if they have read nothing, in groups of more than 20, and if they
 * or you do not share it.
 */
read?: number, userId: string, name: string, 
/**
 * Whether it is a bot: a program, not a person.
 */
bot?: boolean, };

/**
 * A conversation, as one of its members sees it.
 */
export type Conversation = { room: string, kind: ConversationKind, 
/**
 * Only groups have one.
 */
title?: string, createdAt: number, 
/**
 * When the last event was stored.
 */
activeAt: number, epoch: string, 
/**
 * The newest number.
 */
seq: number, 
/**
 * The first number that you may read.
 */
first: number, history: HistoryAccess, 
/**
 * The number up to which you have read.
 */
read: number, 
/**
 * How many messages of others follow what you have read; 100 means 100 or more.
 */
unread: number, 
/**
 * How many of those mention you; at most 100.
 */
mentions: number, 
/**
 * The newest message. Absent if there is none.
 */
latest?: LatestMessage, 
/**
 * You first, then the others in the order in which they were added.
 */
members: Array<Member>, 
/**
 * Whether you have blocked the other person. Only in direct conversations.
 */
blocked?: boolean, };

/**
 * The newest message of a conversation, shortened.
 */
export type LatestMessage = { seq: number, from: Person, at: number, 
/**
 * At most 200 characters. Empty if the message was deleted.
 */
text: string, deleted?: boolean, };

/**
 * A page of your conversations, most recently active first.
 */
export type ConversationList = { conversations: Array<Conversation>, 
/**
 * Requests the next page. Absent on the last.
 */
cursor?: string, };

/**
 * Body of `POST /api/conversations`: give either `with`, for a direct conversation, or `title`, for a group.
 */
export type NewConversation = { 
/**
 * The other person. The same pair gets the same conversation again.
 */
with?: PersonRef, title?: RoomName, 
/**
 * The people to begin with, besides you; at most 99. Only for a group.
 */
members?: Array<PersonRef>, 
/**
 * Only for a group.
 */
history?: HistoryAccess, 
/**
 * An idempotency key. Only for a group: the same id gets the same group again.
 */
id?: FrameId, };

/**
 * Body of `PATCH /api/conversations/{roomId}`.
 */
export type ConversationUpdate = { title: RoomName, };

/**
 * Body of `POST /api/conversations/{roomId}/members`.
 */
export type NewMembers = { 
/**
 * 1 to 99 people. Those who are members already stay as they are.
 */
members: Array<PersonRef>, };

/**
 * The people whom you block.
 */
export type BlockList = { userIds: Array<string>, };

/**
 * Something that a person may do in a room.
 */
export type Permission = "write" | "mentionRoom" | "deleteAny" | "kick" | "ban" | "mute" | "slowMode" | "lock" | "appoint" | "handOver" | "update" | "clear" | "close";

/**
 * A ban or a mute.
 */
export type Restriction = { 
/**
 * When it ends. Absent if it does not end by itself.
 */
until?: number, 
/**
 * What the moderator says about it.
 */
explanation?: string, };

/**
 * Body of `POST /api/rooms/{roomId}/moderation`: what to do. People are named by `userId`; `name` is what to call
 * somebody whom the room does not know any more.
 */
export type Moderation = { "action": "kick", userId: UserId, name?: PersonName, explanation?: Explanation, } | { "action": "ban", userId: UserId, name?: PersonName, 
/**
 * How long. Absent: until somebody lifts the ban.
 */
seconds?: RestrictionSeconds, 
/**
 * If they are here as a guest without a token: also keeps out everyone without a token who has the same address.
 */
address?: boolean, explanation?: Explanation, 
/**
 * Also resolves the reports of this message.
 */
report?: ReportedMessage, } | { "action": "unban", userId: UserId, } | { "action": "mute", userId: UserId, name?: PersonName, 
/**
 * How long. Absent: until somebody lifts it.
 */
seconds?: RestrictionSeconds, explanation?: Explanation, 
/**
 * Also resolves the reports of this message.
 */
report?: ReportedMessage, } | { "action": "unmute", userId: UserId, } | { "action": "slowMode", seconds?: SlowSeconds, } | { "action": "lock", on: boolean, } | { "action": "appoint", userId: UserId, } | { "action": "dismiss", userId: UserId, } | { "action": "handOver", userId: UserId, } | { "action": "deleteReported", report: ReportedMessage, } | { "action": "dismissReport", report: ReportedMessage, } | { "action": "review", on: boolean, } | { "action": "approveHeld", held: HeldRef, } | { "action": "rejectHeld", held: HeldRef, explanation?: Explanation, };

/**
 * How a room is moderated, for its moderators.
 */
export type ModerationState = { 
/**
 * What you may do.
 */
may: Array<Permission>, 
/**
 * Moderators, and people who are banned or muted; at most 500, those with the lowest ids.
 */
people: Array<PersonStatus>, 
/**
 * Newest first; at most 100.
 */
audit: Array<AuditEntry>, 
/**
 * Requests older entries of `audit`. Absent if there are none.
 */
cursor?: string, };

/**
 * Somebody about whom the room's moderators decided something that holds now.
 */
export type PersonStatus = { role: Role, banned?: Restriction, muted?: Restriction, userId: string, name: string, 
/**
 * Whether it is a bot: a program, not a person.
 */
bot?: boolean, };

/**
 * An entry of a room's audit list.
 */
export type AuditEntry = { at: number, kind: AuditKind, by: Person, 
/**
 * Whom it is about; of a report, the message's author.
 */
person?: Person, 
/**
 * The seconds between two messages, if slow mode was turned on.
 */
seconds?: number, 
/**
 * When it ends. Absent if it does not end by itself.
 */
until?: number, 
/**
 * What the moderator says about it.
 */
explanation?: string, };

/**
 * What was done in a room, for its moderators.
 */
export type AuditKind = "kicked" | "banned" | "unbanned" | "muted" | "unmuted" | "slowModeChanged" | "locked" | "unlocked" | "appointed" | "dismissed" | "handedOver" | "reportedDeleted" | "reportDismissed" | "reviewOn" | "reviewOff" | "heldApproved" | "heldRejected";

/**
 * Body of `POST /api/rooms/{roomId}/hooks`.
 */
export type NewHook = { 
/**
 * The name of the program that is to write, such as "Build server". No other bot in the room may have one that looks
 * like it.
 */
name: PersonName, 
/**
 * Where the program is told the room's messages: an address that begins with `https://`. Without it, the program only
 * writes.
 */
url?: HookUrl, };

/**
 * A webhook: a bot in a room, as which a program outside writes. Its secrets are told only once.
 */
export type Hook = { 
/**
 * For `POST /api/hooks/{hookId}`.
 */
id: string, 
/**
 * For the header `authorization: Bearer <secret>` of these requests. Keep it secret: whoever has it writes in the
 * room.
 */
secret: string, 
/**
 * With which the program checks that what it is told comes from here, as the Standard Webhooks specification says. Only
 * if it is told the room's messages.
 */
signingSecret?: string, 
/**
 * As whom it writes.
 */
person: Person, };

/**
 * A webhook that is told the room's messages.
 */
export type ToldHook = { userId: string, 
/**
 * Where the messages go.
 */
host: string, };

/**
 * Body of `POST /api/hooks/{hookId}`.
 */
export type HookMessage = { text: Text, 
/**
 * Identifies the message: one that is sent again with the same id is stored once. Without it, each is another.
 */
id?: FrameId, };

/**
 * Where the message of a webhook is in the room's log.
 */
export type HookReceipt = { room: string, epoch: string, seq: number, at: number, };

/**
 * Why somebody reports a message.
 */
export type ReportReason = "spam" | "harassment" | "hate" | "sexual" | "violence" | "other";

/**
 * Body of `POST /api/rooms/{roomId}/reports`.
 */
export type NewReport = { 
/**
 * The epoch of the message.
 */
epoch: string, seq: number, reason: ReportReason, };

/**
 * A message whose reports moderators resolve.
 */
export type ReportedMessage = { epoch: string, seq: number, };

/**
 * How many people gave each reason.
 */
export type ReasonCounts = { spam?: number, harassment?: number, hate?: number, sexual?: number, violence?: number, other?: number, };

/**
 * All reports of one message, for the room's moderators. It does not say who reported it.
 */
export type Report = { 
/**
 * As it is now.
 */
message: Message, 
/**
 * How many people reported it, counted up to 100.
 */
count: number, reasons: ReasonCounts, 
/**
 * When it was reported first.
 */
firstAt: number, 
/**
 * When it was reported last.
 */
lastAt: number, };

/**
 * A page of a room's open reports.
 */
export type ReportList = { 
/**
 * The newest messages first; at most 50.
 */
reports: Array<Report>, 
/**
 * Requests reports of older messages. Absent if there are none.
 */
cursor?: string, };

/**
 * Which message waits: its author, and the id that they chose for it.
 */
export type HeldRef = { 
/**
 * The epoch of the room in which it was sent.
 */
epoch: string, userId: UserId, id: FrameId, };

/**
 * A message that waits, for the room's moderators.
 */
export type HeldMessage = { epoch: string, 
/**
 * The id that its author chose.
 */
id: string, from: Person, text: string, 
/**
 * When it was held.
 */
at: number, 
/**
 * The number of the message that it answers.
 */
replyTo?: number, 
/**
 * Why it was held.
 */
reason?: string, };

/**
 * A page of the messages of a room that wait for a moderator.
 */
export type HeldList = { 
/**
 * Those of one author follow each other; at most 50.
 */
held: Array<HeldMessage>, 
/**
 * Requests the next page. Absent if there is none.
 */
cursor?: string, };

/**
 * Body of `POST /api/rooms/{roomId}/passes`.
 */
export type NewPass = { password: Password, };

/**
 * Proof that its holder knew the room's password. Valid for this room, until the password changes or the pass expires.
 */
export type RoomPass = { 
/**
 * For `join`, and for HTTP requests in the header `parlor-pass`. Keep it secret.
 */
pass: string, expiresAt: number, };

/**
 * A log page: the numbers `from` to `to`, inclusive. A number in this range without an event is void, permanently.
 */
export type LogPage = { room: string, epoch: string, 
/**
 * The newest number drawn in the room.
 */
seq: number, 
/**
 * The first number that you may read, if it is not 1. Only in conversations.
 */
first?: number, from: number, 
/**
 * `from` − 1 if the page is empty.
 */
to: number, 
/**
 * Oldest first. Messages are in their current state.
 */
events: Array<LogEvent>, };

/**
 * A clear that has not finished: the log of this epoch is over, but part of it is still stored.
 */
export type Clearing = { 
/**
 * Send the same request with this `epoch` to continue.
 */
epoch: string, };

/**
 * An HTTP error: problem details (RFC 9457).
 */
export type Problem = { 
/**
 * Always `about:blank`: `code` says what is wrong.
 */
type: string, title: string, status: number, 
/**
 * A human-readable explanation, in English.
 */
detail: string, code: ErrorCode, 
/**
 * Milliseconds before which the same request will not succeed.
 */
retryAfterMs?: number, 
/**
 * When it ends. Absent if it does not end by itself.
 */
until?: number, 
/**
 * What the moderator says about it.
 */
explanation?: string, };

/**
 * A room's id. Any string of this length is valid; whether the room exists is another question.
 */
export type RoomId = string;

/**
 * A person: `@` and their handle, or their user id.
 */
export type PersonRef = string;

/**
 * An id that the client chooses for a frame. With the person, the room and its epoch, it identifies a request that stores
 * an event, so that a retry is not stored twice.
 */
export type FrameId = string;

/**
 * A person's id. Any string of this length is valid; whether there is such a person is another question.
 */
export type UserId = string;

/**
 * The text of a message, stored exactly as received. At least one character is visible.
 */
export type Text = string;

/**
 * The people whom a message mentions, each once: at most 20.
 */
export type Mentions = Array<UserId>;

/**
 * One emoji, which may consist of several characters, like flags and families. Converted to its fully qualified form.
 * Other text passes unchanged here, so that reactions from before this rule existed can be removed.
 */
export type Emoji = string;

/**
 * The address of a program that is told a room's messages. Whether it is one that the stage posts to is another
 * question.
 */
export type HookUrl = string;

/**
 * A person's name: trimmed, NFC, on one line, without invisible characters, and unlike a reserved name.
 */
export type PersonName = string;

/**
 * A person's handle, without the `@` that may precede it: letters and digits of any script and `_`, with `.` and `-`
 * between them. NFC, without invisible characters, and unlike a reserved name.
 */
export type Handle = string;

/**
 * A room's name: trimmed, NFC, on one line, without invisible characters.
 */
export type RoomName = string;

/**
 * A room's topic: trimmed, NFC, on one line. A blank one is empty.
 */
export type Topic = string;

/**
 * What a moderator says about an action: trimmed, NFC, on one line.
 */
export type Explanation = string;

/**
 * A room's password, in NFC, so that every keyboard spells it alike.
 */
export type Password = string;

/**
 * A proof that its holder knew a room's password.
 */
export type Pass = string;

/**
 * How long from now a room ends, in seconds: a minute to 30 days.
 */
export type RoomSeconds = number;

/**
 * How many people a room holds. A person with several connections counts once.
 */
export type Capacity = number;

/**
 * How long a room outlasts its owner's absence, in seconds: half a minute to a day.
 */
export type AbsenceSeconds = number;

/**
 * How long somebody waits between two messages, in seconds: at most an hour.
 */
export type SlowSeconds = number;

/**
 * How long a ban or a mute lasts, in seconds: a minute to 30 days.
 */
export type RestrictionSeconds = number;
