//! Compares `limits.rs` with the table of limits in `docs/protocol.md`, in both directions.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::time::Duration;

use parlor_protocol::limits::*;
use parlor_protocol::rules::{AbsenceSeconds, Capacity, RestrictionSeconds, RoomSeconds, SlowSeconds};
use parlor_protocol::text::{
    Emoji, Explanation, FrameId, Handle, HookUrl, Pass, Password, PersonName, RoomId, RoomName, Text, Topic, UserId,
};

const PAGE: &str = include_str!("../../../docs/protocol.md");
const SOURCE: &str = include_str!("../src/limits.rs");

/// A row of the table: its first cell, the beginning of its second cell, and the constants in it.
struct Row {
    what: &'static str,
    limit: String,
    constants: &'static [&'static str],
}

macro_rules! row {
    ($what:literal, $limit:literal $(, $constant:expr)*) => {
        Row { what: $what, limit: format!($limit $(, $constant.display())*), constants: &[$(stringify!($constant)),*] }
    };
}

/// Formats a limit as the page writes it.
trait Readable {
    fn display(&self) -> String;
}

macro_rules! with_thousands_separators {
    ($($number:ty),*) => {
        $(impl Readable for $number {
            fn display(&self) -> String {
                with_commas(self)
            }
        })*
    };
}
with_thousands_separators!(usize, u32, u64);

impl Readable for Duration {
    fn display(&self) -> String {
        match self.as_secs() {
            0 => format!("{} milliseconds", self.as_millis()),
            seconds if seconds % 86_400 == 0 && seconds > 86_400 => format!("{} days", seconds / 86_400),
            seconds if seconds % 3_600 == 0 => format!("{} hours", seconds / 3_600),
            seconds if seconds % 60 == 0 => format!("{} minutes", seconds / 60),
            seconds => format!("{seconds} seconds"),
        }
    }
}

fn with_commas(number: impl Display) -> String {
    let digits = number.to_string();
    let separated = digits.char_indices().flat_map(|(at, digit)| {
        let comma = at > 0 && (digits.len() - at).is_multiple_of(3);
        comma.then_some(',').into_iter().chain([digit])
    });
    separated.collect()
}

fn rows() -> Vec<Row> {
    vec![
        row!("frame, HTTP body", "{} KB ({} bytes of UTF-8)", FRAME_BYTES / 1024, FRAME_BYTES),
        row!("frame from the server", "{} KB", POST_BYTES / 1024),
        row!("text", "{}–{} characters", Text::MIN, Text::MAX),
        row!("a person's name", "{}–{} characters", PersonName::MIN, PersonName::MAX),
        row!("a handle", "{}–{} characters", Handle::MIN, Handle::MAX),
        row!("a room's name; topic", "{}–{}; {}–{} characters", RoomName::MIN, RoomName::MAX, Topic::MIN, Topic::MAX),
        row!("`id`", "{}–{} characters", FrameId::MIN, FrameId::MAX),
        row!("`room`", "{}–{} characters", RoomId::MIN, RoomId::MAX),
        row!("`emoji`", "one emoji, of at most {} Unicode scalar values", Emoji::MAX),
        row!("reactions to a message", "{} different emoji, {} in all", EMOJI_PER_MESSAGE, REACTIONS_PER_MESSAGE),
        row!(
            "`mentions`",
            "{} people, each once, by a `userId` of {}–{} characters",
            MENTIONS,
            UserId::MIN,
            UserId::MAX
        ),
        row!("rooms per connection", "{}", ROOMS_PER_CONNECTION),
        row!("connections in a room", "{}", CONNECTIONS_PER_ROOM),
        row!(
            "open rooms that a person owns",
            "{}; the count restarts after {} without creating one",
            ROOMS_PER_PERSON,
            OWNED_ROOMS_RESET
        ),
        row!(
            "log page",
            "1–{} numbers, default {}; less if it would exceed {} KB over HTTP or {} KB in a frame",
            PAGE_EVENTS,
            PAGE_EVENTS_DEFAULT,
            PAGE_BYTES / 1024,
            POST_BYTES / 1024
        ),
        row!(
            "a page of an export",
            "ends after the query that reaches 1 MB ({} bytes of JSON) of messages",
            EXPORT_BYTES
        ),
        row!("missed events that a `join` can resume after", "{}", RESUME_EVENTS),
        row!("lobby page", "1–{} rooms, default {}", LOBBY_ROOMS, LOBBY_ROOMS_DEFAULT),
        row!("people listed in `joined`", "{}", PEOPLE_LISTED),
        row!("people in one `presence`", "as many as fit into {} KB", PRESENCE_BYTES / 1024),
        row!(
            "`count` and `people` in a `pong`",
            "in rooms of at most {} connections, and conversations of at most {} members",
            PRESENCE_CHECK_CONNECTIONS,
            PRESENCE_CHECK_MEMBERS
        ),
        row!("`typing` is delivered", "in rooms of at most {} connections", TYPING_CONNECTIONS),
        row!(
            "`draft` is delivered",
            "in rooms of at most {} connections, at most every {}",
            DRAFT_CONNECTIONS,
            DRAFT_INTERVAL
        ),
        row!("connections of one person with a token", "{}", CONNECTIONS_PER_PERSON),
        row!("members of a group", "{}", GROUP_MEMBERS),
        row!("read markers are shown to other members", "in conversations of at most {} members", RECEIPT_MEMBERS),
        row!("a page of conversations", "1–{}, default {}", CONVERSATIONS, CONVERSATIONS_DEFAULT),
        row!("conversations that a list covers", "the {} to which the person was added last", CONVERSATIONS_LISTED),
        row!(
            "`unread` and `mentions`",
            "count up to {}, and at most {} events after what was read",
            UNREAD_COUNTED,
            LISTED_EVENTS
        ),
        row!("`text` of the newest message in a list", "{} characters", LATEST_CHARACTERS),
        row!("a connection's lease", "{} after its last `ping` or `join`", LEASE),
        row!("a connection", "10 minutes idle, 2 hours in all (API Gateway's)"),
        row!("a token", "{} KB ({} bytes)", TOKEN_BYTES / 1024, TOKEN_BYTES),
        row!("a guest token", "{}", GUEST_TOKEN_LIFETIME),
        row!("a handle of a guest", "{} after it was last claimed", GUEST_TOKEN_LIFETIME),
        row!("a room without activity", "closes after {}", ROOM_IDLE_TIMEOUT),
        row!("a room that ended", "is `roomClosed` for {}", ENDED_ROOM_RETENTION),
        row!("people in a room that ended", "are told and removed within {}", END_TOLD_WITHIN),
        row!("`expiresInSeconds`", "{}–{}", RoomSeconds::MIN, RoomSeconds::MAX),
        row!("`maxPeople`", "{}–{}", Capacity::MIN, Capacity::MAX),
        row!("`endsWithoutOwnerAfterSeconds`", "{}–{}", AbsenceSeconds::MIN, AbsenceSeconds::MAX),
        row!("bots that one message asks", "{}", BOTS_ASKED),
        row!("webhooks of a room", "{}", HOOKS_PER_ROOM),
        row!("webhooks of a room that are told messages", "{}", TOLD_PER_ROOM),
        row!("the address of a webhook", "{}–{} characters", HookUrl::MIN, HookUrl::MAX),
        row!("a program that is told a message answers", "within {}", TELLING_TAKES),
        row!("a bot answers a message", "within {}", BOT_ANSWERS_WITHIN),
        row!("quick replies of a message", "{}", QUICK_REPLIES),
        row!("`text` and `value` of a quick reply", "{} characters", QUICK_REPLY_CHARACTERS),
        row!("`seconds` of slow mode", "{}–{}", SlowSeconds::MIN, SlowSeconds::MAX),
        row!("`seconds` of a ban or a mute", "{}–{}", RestrictionSeconds::MIN, RestrictionSeconds::MAX),
        row!("`explanation`", "{}–{} characters", Explanation::MIN, Explanation::MAX),
        row!("people whom the state of moderation lists", "{}", MODERATED_PEOPLE),
        row!("a page of the audit list", "{} entries", AUDIT_ENTRIES),
        row!("reported messages of a room", "{}", REPORTED_MESSAGES),
        row!("people who are counted as reporting a message", "{}", REPORTERS),
        row!("a page of reports", "{} messages", REPORTS),
        row!("messages of a room that wait for a moderator", "{}", HELD_MESSAGES),
        row!("a page of messages that wait", "{} messages", HELD),
        row!("a message waits for a moderator", "{}", HELD_RETENTION),
        row!("a password", "{}–{} characters", Password::MIN, Password::MAX),
        row!("`pass`", "{}–{} characters", Pass::MIN, Pass::MAX),
        row!("a pass", "{}", PASS_LIFETIME),
        row!("an empty number", "is voided when read {} or more", VOID_AFTER),
        row!("an idempotency key", "{}", IDEMPOTENCY_KEY_LIFETIME),
    ]
}

/// Returns the cells of the page's table of limits.
fn documented() -> Vec<(&'static str, &'static str)> {
    let table = PAGE.split("| what | limit |\n|---|---|\n").nth(1).unwrap_or_default();
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    let cells = rows.map(|row| row.trim_matches(|c| c == '|' || c == ' ').split_once(" | ").unwrap_or((row, "")));
    cells.collect()
}

#[test]
fn the_page_states_each_limit_correctly() {
    let (rows, documented) = (rows(), documented());
    let check = |(what, limit): (&'static str, &'static str)| {
        let row = rows.iter().find(|row| row.what == what);
        assert!(
            row.is_some_and(|row| begins_with(limit, &row.limit)),
            "docs/protocol.md says {what}: {limit}, but rows() in this test says {:?}",
            row.map(|row| &row.limit)
        );
        what
    };
    let checked: Vec<_> = documented.into_iter().map(check).collect();
    assert_eq!(checked, rows.iter().map(|row| row.what).collect::<Vec<_>>());
}

/// Returns whether the cell begins with this limit, and its last number does not continue.
fn begins_with(limit: &str, beginning: &str) -> bool {
    let rest = limit.strip_prefix(beginning).map(|rest| rest.trim_start_matches(','));
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[test]
fn each_limit_has_a_row() {
    let names = SOURCE.lines().filter_map(|line| line.strip_prefix("pub const ")?.split_once(':'));
    let names: BTreeSet<_> = names.map(|(name, _)| name).collect();
    let rows = rows();
    let constants = rows.iter().flat_map(|row| row.constants).flat_map(|constant| constant.split(' '));
    let missing: Vec<_> = names.difference(&constants.collect()).copied().collect();
    assert!(!names.is_empty() && missing.is_empty(), "docs/protocol.md has no row for {missing:?}");
}
