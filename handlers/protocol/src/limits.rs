//! The limits that clients meet, except lengths of texts and names (`text.rs`), bounds of rules (`rules.rs`) and rates
//! (`cdk/stages.ts`). `docs/protocol.md` lists all of them; a test compares the two.

use std::time::Duration;

/// Size of a client frame or an HTTP body, in bytes of UTF-8. API Gateway itself accepts frames of 32 KB.
pub const FRAME_BYTES: usize = 16 * 1024;
/// Size of a frame that Parlor sends. AWS documents a limit of 32 KB, and bills each 32 KB as one message.
pub const POST_BYTES: usize = 28 * 1024;
/// Size of a log page over HTTP, in bytes of JSON. A page in a frame has what [`POST_BYTES`] leaves.
pub const PAGE_BYTES: usize = 96 * 1024;
/// Size of the messages on a page of an export after which no more are read, in bytes of JSON. One query may read as much
/// again.
pub const EXPORT_BYTES: usize = 1024 * 1024;
/// Numbers on one log page.
pub const PAGE_EVENTS: u32 = 100;
/// Numbers on a log page if the request does not set `limit`.
pub const PAGE_EVENTS_DEFAULT: u32 = 50;
/// Missed events after which a `join` with `since` can still resume. Beyond this it starts from a fresh page.
pub const RESUME_EVENTS: u64 = 300;
/// Different emoji on one message.
pub const EMOJI_PER_MESSAGE: usize = 20;
/// Reactions on one message, over all people and emoji. A change that carries the longest message with this many reactions
/// must fit [`POST_BYTES`].
pub const REACTIONS_PER_MESSAGE: usize = 400;
/// People whom one message mentions.
pub const MENTIONS: usize = 20;
/// Rooms on one lobby page.
pub const LOBBY_ROOMS: u32 = 50;
/// Rooms on a lobby page if the request does not set `limit`.
pub const LOBBY_ROOMS_DEFAULT: u32 = 20;
/// People listed in `joined`. `count` counts all.
pub const PEOPLE_LISTED: usize = 100;
/// Connections in a room up to which `pong` says who is there. No more than [`PEOPLE_LISTED`], so that a client that
/// compares has the whole list.
pub const PRESENCE_CHECK_CONNECTIONS: usize = 100;
/// Members of a conversation up to which `pong` says who is connected.
pub const PRESENCE_CHECK_MEMBERS: usize = 20;
/// Size of the list of people in one `presence` frame, in bytes of JSON. Further people follow in another frame.
pub const PRESENCE_BYTES: usize = 24 * 1024;
/// Connections in a room up to which `typing` is delivered.
pub const TYPING_CONNECTIONS: usize = 100;
/// Connections in a room up to which `draft` is delivered.
pub const DRAFT_CONNECTIONS: usize = 100;
/// How long after a `draft` the next one follows, at the earliest.
pub const DRAFT_INTERVAL: Duration = Duration::from_millis(500);
/// Webhooks of one room.
pub const HOOKS_PER_ROOM: usize = 10;
/// Those of them that are told the room's messages.
pub const TOLD_PER_ROOM: usize = 3;
/// How long a program has to say that it has a message.
pub const TELLING_TAKES: Duration = Duration::from_secs(5);
/// Rooms that one connection can be in at a time.
pub const ROOMS_PER_CONNECTION: usize = 50;
/// Connections in one room.
pub const CONNECTIONS_PER_ROOM: usize = 1_000;
/// Connections that one person with a token can have at a time.
pub const CONNECTIONS_PER_PERSON: usize = 30;
/// Members of a group.
pub const GROUP_MEMBERS: usize = 100;
/// Members of a group up to which read markers are shown to the others.
pub const RECEIPT_MEMBERS: usize = 20;
/// Conversations on one page of a person's list.
pub const CONVERSATIONS: u32 = 50;
/// Conversations on a page if the request does not set `limit`.
pub const CONVERSATIONS_DEFAULT: u32 = 20;
/// Conversations of one person that their list covers: those that they were added to last.
pub const CONVERSATIONS_LISTED: usize = 500;
/// Unread messages of a conversation that are counted.
pub const UNREAD_COUNTED: u32 = 100;
/// Newest events of a conversation among which its newest message is found, and oldest unread ones among which unread
/// messages are counted.
pub const LISTED_EVENTS: u64 = 200;
/// Characters of the newest message in a list of conversations.
pub const LATEST_CHARACTERS: usize = 200;
/// Entries on one page of a room's audit list.
pub const AUDIT_ENTRIES: u32 = 100;
/// People whom the state of a room's moderation lists: moderators, and people who are banned or muted.
pub const MODERATED_PEOPLE: usize = 500;
/// Messages of a room with open reports. A few more if several are reported at the same moment.
pub const REPORTED_MESSAGES: usize = 500;
/// People who are counted as reporting one message.
pub const REPORTERS: usize = 100;
/// Reported messages on one page.
pub const REPORTS: u32 = 50;
/// Messages of a room that wait for a moderator. A few more if several are held at the same moment.
pub const HELD_MESSAGES: usize = 200;
/// Messages that wait for a moderator on one page.
pub const HELD: u32 = 50;
/// How long a message waits for a moderator at most.
pub const HELD_RETENTION: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Bots that one message asks.
pub const BOTS_ASKED: usize = 3;
/// Answers that a bot's message suggests.
pub const QUICK_REPLIES: usize = 5;
/// Characters of what a quick reply shows, and of what it sends.
pub const QUICK_REPLY_CHARACTERS: usize = 50;
/// How long after a message a bot still answers it.
pub const BOT_ANSWERS_WITHIN: Duration = Duration::from_secs(30 * 60);
/// Open rooms that one person can own at a time.
pub const ROOMS_PER_PERSON: usize = 50;
/// How long after its owner last created a room the count of their rooms restarts.
pub const OWNED_ROOMS_RESET: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long a connection stays in its rooms after its last `ping` or `join`.
pub const LEASE: Duration = Duration::from_secs(5 * 60);
/// How long a drawn number may stay empty before a reader voids it. Counts from the start of the request that stored the
/// next event or, if there is none, of the room's latest draw: nothing records when the number itself was drawn.
///
/// No guarantee depends on it: a request whose number was voided draws another. It only has to be longer than most requests
/// take to store their event: three database calls one after another, in a moderated room up to seven.
pub const VOID_AFTER: Duration = Duration::from_secs(5);
/// How long a repeated idempotency key returns the first result.
pub const IDEMPOTENCY_KEY_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a room stays open without activity.
pub const ROOM_IDLE_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a room answers `roomClosed` after its end. Then it answers `roomNotFound`.
pub const ENDED_ROOM_RETENTION: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How long after a room's end everyone in it has been told and removed, even if the function that should do it dies: the
/// sweep runs every minute.
pub const END_TOLD_WITHIN: Duration = Duration::from_secs(70);
/// How long a pass is valid, unless the room's password changes first.
pub const PASS_LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Size of a token, in bytes. Identity providers' tokens are seldom half as long.
pub const TOKEN_BYTES: usize = 4096;
/// How long a guest token is valid.
pub const GUEST_TOKEN_LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);
