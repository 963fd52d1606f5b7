//! The client's TypeScript types and limits.

use std::time::Duration;

use parlor_protocol::client::{self, ClientFrame};
use parlor_protocol::conversations::{self, Role};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::{
    Clearing, Erasing, Export, GuestLink, HandleClaim, Hook, HookMessage, HookReceipt, Me, Membership, NewHook,
    NewPass, NewRoom, NewSession, Problem, RoomInfo, RoomList, RoomPass, RoomUpdate, Session, ToldHook, Visibility,
};
use parlor_protocol::log::{self, LogEvent, LogPage};
use parlor_protocol::person::{Person, Profile};
use parlor_protocol::server::{self, ServerFrame};
use parlor_protocol::{held, limits, mentions, moderation, reports, rules, text};
use serde_json::{Value, json};
use ts_rs::TS;

/// Declares the given types, with their doc comments.
macro_rules! declare {
    ($($name:ty),* $(,)?) => {{
        let config = ts_rs::Config::new().with_large_int("number");
        [$(<$name as TS>::docs().unwrap_or_default() + "export " + &<$name as TS>::decl(&config)),*].join("\n\n")
    }};
}

pub fn typescript() -> String {
    let types = declare!(
        ClientFrame,
        client::Join,
        client::Leave,
        client::Send,
        client::Edit,
        client::Delete,
        client::React,
        client::History,
        client::Read,
        client::Typing,
        client::Register,
        client::Ping,
        client::Position,
        ServerFrame,
        server::Joined,
        server::JoinedConversation,
        server::ReadMarker,
        server::Left,
        server::LeftReason,
        LogEvent,
        log::Message,
        log::QuickReply,
        log::Reaction,
        log::Change,
        log::ChangeKind,
        log::Notice,
        log::NoticeKind,
        server::Voids,
        server::Presence,
        server::PresenceKind,
        server::PersonTyping,
        server::Draft,
        server::HistoryPage,
        server::Ack,
        server::Registered,
        server::Pong,
        server::RoomState,
        server::ErrorFrame,
        Person,
        Profile,
        ErrorCode,
        NewSession,
        Session,
        Me,
        GuestLink,
        Export,
        Membership,
        Erasing,
        HandleClaim,
        NewRoom,
        RoomUpdate,
        Visibility,
        RoomInfo,
        RoomList,
        rules::RoomRules,
        conversations::ConversationKind,
        conversations::Role,
        conversations::HistoryAccess,
        conversations::Member,
        conversations::Conversation,
        conversations::LatestMessage,
        conversations::ConversationList,
        conversations::NewConversation,
        conversations::ConversationUpdate,
        conversations::NewMembers,
        conversations::BlockList,
        moderation::Permission,
        moderation::Restriction,
        moderation::Moderation,
        moderation::ModerationState,
        moderation::PersonStatus,
        moderation::AuditEntry,
        moderation::AuditKind,
        NewHook,
        Hook,
        ToldHook,
        HookMessage,
        HookReceipt,
        reports::ReportReason,
        reports::NewReport,
        reports::ReportedMessage,
        reports::ReasonCounts,
        reports::Report,
        reports::ReportList,
        held::HeldRef,
        held::HeldMessage,
        held::HeldList,
        NewPass,
        RoomPass,
        LogPage,
        Clearing,
        Problem,
        text::RoomId,
        text::PersonRef,
        text::FrameId,
        text::UserId,
        text::Text,
        mentions::Mentions,
        text::Emoji,
        text::HookUrl,
        text::PersonName,
        text::Handle,
        text::RoomName,
        text::Topic,
        text::Explanation,
        text::Password,
        text::Pass,
        rules::RoomSeconds,
        rules::Capacity,
        rules::AbsenceSeconds,
        rules::SlowSeconds,
        rules::RestrictionSeconds,
    );
    let (limits, permissions) = (typescript_limits(), typescript_permissions());
    format!("// Generated from handlers/protocol by `npm run generate`.\n\n{limits}\n{permissions}\n{types}\n")
}

/// Returns what each role may do, unless something silences members.
fn typescript_permissions() -> String {
    let roles = [Role::Owner, Role::Moderator, Role::Member];
    let lines: String = roles
        .map(|role| format!("  {}: {},\n", name(json!(role)), json!(moderation::permissions(role, false))))
        .concat();
    let unit = "What each role may do in a room. While members are silenced, they may do nothing.";
    format!("/** {unit} */\nexport const permissions: Record<Role, readonly Permission[]> = {{\n{lines}}};\n")
}

/// Returns the name of a variant.
fn name(variant: Value) -> String {
    variant.as_str().unwrap_or_default().to_owned()
}

/// Returns the limits that the client and the page check or use themselves.
fn typescript_limits() -> String {
    let milliseconds = |duration: Duration| duration.as_millis();
    let limits = json!({
        "frameBytes": limits::FRAME_BYTES,
        "textLength": text::Text::MAX,
        "personNameLength": text::PersonName::MAX,
        "handleLength": text::Handle::MAX,
        "mentions": limits::MENTIONS,
        "roomNameLength": text::RoomName::MAX,
        "topicLength": text::Topic::MAX,
        "passwordLength": text::Password::MAX,
        "shortestPassword": text::Password::MIN,
        "fewestSeconds": rules::RoomSeconds::MIN,
        "mostSeconds": rules::RoomSeconds::MAX,
        "fewestPeople": rules::Capacity::MIN,
        "mostPeople": rules::Capacity::MAX,
        "fewestAbsenceSeconds": rules::AbsenceSeconds::MIN,
        "mostAbsenceSeconds": rules::AbsenceSeconds::MAX,
        "mostSlowSeconds": rules::SlowSeconds::MAX,
        "fewestRestrictionSeconds": rules::RestrictionSeconds::MIN,
        "mostRestrictionSeconds": rules::RestrictionSeconds::MAX,
        "explanationLength": text::Explanation::MAX,
        "groupMembers": limits::GROUP_MEMBERS,
        "receiptMembers": limits::RECEIPT_MEMBERS,
        "unreadCounted": limits::UNREAD_COUNTED,
        "listedEvents": limits::LISTED_EVENTS,
        "conversations": limits::CONVERSATIONS,
        "pageEvents": limits::PAGE_EVENTS,
        "defaultPageEvents": limits::PAGE_EVENTS_DEFAULT,
        "lobbyRooms": limits::LOBBY_ROOMS,
        "defaultLobbyRooms": limits::LOBBY_ROOMS_DEFAULT,
        "roomsPerPerson": limits::ROOMS_PER_PERSON,
        "hooksPerRoom": limits::HOOKS_PER_ROOM,
        "hookUrlLength": text::HookUrl::MAX,
        "toldPerRoom": limits::TOLD_PER_ROOM,
        "leaseMs": milliseconds(limits::LEASE),
        "idempotencyMs": milliseconds(limits::IDEMPOTENCY_KEY_LIFETIME),
    });
    let lines: String =
        limits.as_object().into_iter().flatten().map(|(name, limit)| format!("  {name}: {limit},\n")).collect();
    let unit = "Sizes in bytes, lengths in Unicode scalar values, durations in milliseconds.";
    format!("/** Limits of the protocol. {unit} */\nexport const limits = {{\n{lines}}} as const;\n")
}
