//! Every number a client can run into. `docs/protocol.md` lists them for people; a test holds the two together.

use std::time::Duration;

/// A frame or an HTTP body, in bytes of UTF-8. API Gateway itself would take 32 KB frames.
pub const FRAME_BYTES: usize = 16 * 1024;
/// A frame that Parlor sends. AWS documents 32 KB for a frame, and counts each 32 KB as one message.
pub const POST_BYTES: usize = 28 * 1024;
/// A page of messages over HTTP, in bytes of JSON. A page in a frame has what [`POST_BYTES`] leave.
pub const PAGE_BYTES: usize = 96 * 1024;
/// Messages on one page.
pub const PAGE_MESSAGES: u32 = 100;
/// Messages on a page when the request does not say.
pub const PAGE_MESSAGES_DEFAULT: u32 = 50;
/// Events that a client may have missed for a join with `since` to go on from there; who missed more starts from a fresh page.
pub const RESUME_EVENTS: u64 = 300;
/// Different emoji at one message.
pub const EMOJI_PER_MESSAGE: usize = 20;
/// Reactions at one message, of all persons and emoji together: a change of the longest message with them must fit
/// [`POST_BYTES`].
pub const REACTIONS_PER_MESSAGE: usize = 400;
/// Rooms on one page of the lobby.
pub const LOBBY_ROOMS: u32 = 50;
/// Rooms on a page of the lobby when the request does not say.
pub const LOBBY_ROOMS_DEFAULT: u32 = 20;
/// People listed in `joined`; `count` counts all.
pub const PEOPLE_LISTED: usize = 100;
/// Connections in a room above which a `pong` no longer says who is in it. At most as many as are listed: so whoever
/// compares has the whole list.
pub const COMPARED_CONNECTIONS: usize = 100;
/// The persons of one `presence` frame, in bytes of JSON; the rest follow in another one.
pub const PRESENCE_BYTES: usize = 24 * 1024;
/// Connections in a room above which `typing` is no longer passed on.
pub const TYPING_CONNECTIONS: usize = 100;
/// Rooms one connection can be in at a time.
pub const ROOMS_PER_CONNECTION: usize = 50;
/// Connections that a room holds.
pub const CONNECTIONS_PER_ROOM: usize = 1_000;
/// Open rooms that one person can own at a time.
pub const ROOMS_PER_PERSON: usize = 50;
/// How long a room counts for that after its owner has last made one.
pub const OWNED_ROOM: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long a connection stays in its rooms after its last `ping` or `join`.
pub const LEASE: Duration = Duration::from_secs(5 * 60);
/// How long a reader waits for the event of a number before voiding the number. No promise depends on it: whoever finds their
/// number voided draws another. A send makes at most four calls of the database one after another before its event is stored,
/// an edit or a reaction five; this is longer than they take where none needs its second attempt. It counts from the start of the
/// request.
pub const VOID_AFTER: Duration = Duration::from_secs(5);
/// How long a message's `id` makes it happen once.
pub const SEND_ONCE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a room stays open without activity.
pub const ROOM_IDLE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long who asks for a room that its owner has closed hears `roomClosed`, once its log is deleted; then the row goes, and
/// there is no such room.
pub const CLOSED_ROOM: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// A token, in bytes: those of identity providers are seldom half as long.
pub const TOKEN_BYTES: usize = 4096;
/// How long a guest token is valid.
pub const GUEST_TOKEN: Duration = Duration::from_secs(30 * 24 * 60 * 60);
