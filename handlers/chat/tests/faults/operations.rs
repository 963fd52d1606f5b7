//! The operations, and what each has done when it succeeds.

use parlor_chat::bots::allow::Decision;
use parlor_chat::bots::courier::Scheme;
use parlor_chat::log::history::PageRange;
use parlor_chat::people::identity::IdentityKind;
use parlor_chat::{Chat, ChatError};
use parlor_protocol::Millis;
use parlor_protocol::client::parse_body;
use parlor_protocol::limits::PAGE_EVENTS;
use parlor_protocol::log::{ChangeKind, LogEvent, NoticeKind};
use parlor_protocol::text::Handle;
use serde_json::json;
use tokio::time::Instant;

use crate::support::{person, site};
use crate::{Operation, Retry, every_call_fails, of};

macro_rules! operations {
    ($($name:ident: $retry:expr, |$chat:ident, $caller:ident, $now:ident| $run:expr, |$after:pat_param| $is_done:expr;)*) => {
        // `npm test -- quick` skips this module by its name.
        mod every_call_fails_once {
            use super::*;

            $(
                #[tokio::test]
                async fn $name() {
                    every_call_fails(Operation {
                        name: stringify!($name),
                        run: |$chat, $caller, $now| Box::pin(async move { $run.await.map(|_| ()) }),
                        retry: $retry,
                        is_done: |$after| $is_done,
                    })
                    .await;
                }
            )*
        }
    };
}

operations! {
    connecting: Retry::Never,
        |chat, caller, now| chat.connections.open(caller, now),
        |_| true;
    joining: Retry::Reconnect("joined"),
        |chat, caller, now| chat.join(caller, of(json!({ "action": "join", "room": "r" })), now),
        |after| after.has_ada();
    resuming_under_another_name: Retry::Reconnect("joined"),
        |chat, caller, now| {
            let since = json!({ "epoch": "e1", "seq": 1 });
            chat.join(caller, of(json!({ "action": "join", "room": "r", "name": "A.", "since": since })), now)
        },
        |after| after.has_ada();
    leaving: Retry::Never,
        |chat, caller, now| chat.leave(caller, of(json!({ "action": "leave", "room": "r" })), now),
        |after| !after.has_ada();
    disconnecting: Retry::Never,
        |chat, caller, now| chat.disconnect(&caller.connection_id, now),
        |after| !after.has_ada();
    sending: Retry::Reconnect("ack"),
        |chat, caller, now| {
            chat.send(caller, of(json!({ "action": "send", "room": "r", "id": "it", "text": "said" })), now)
        },
        |after| after.messages().filter(|message| message.text == "said").count() == 1;
    replying_and_mentioning_the_room: Retry::Reconnect("ack"),
        |chat, caller, now| {
            let send = json!({
                "action": "send", "room": "r", "id": "it", "text": "said", "replyTo": 1, "epoch": "e1",
                "mentions": ["bob"], "mentionsRoom": true,
            });
            chat.send(caller, of(send), now)
        },
        |after| {
            let replies = after.messages().filter(|message| message.reply_to == Some(1) && message.mentions_room);
            replies.count() == 1
        };
    editing: Retry::Reconnect("ack"),
        |chat, caller, now| {
            let edit = json!({ "action": "edit", "room": "r", "seq": 1, "id": "it", "text": "better" });
            chat.edit(caller, of(edit), now)
        },
        |after| after.changes(ChangeKind::Edited) == 1 && after.message(1).text == "better";
    editing_in_a_named_epoch: Retry::Reconnect("ack"),
        |chat, caller, now| {
            let edit = json!({ "action": "edit", "room": "r", "epoch": "e1", "seq": 1, "id": "it", "text": "better" });
            chat.edit(caller, of(edit), now)
        },
        |after| after.changes(ChangeKind::Edited) == 1 && after.message(1).text == "better";
    deleting: Retry::Reconnect("ack"),
        |chat, caller, now| {
            chat.delete(caller, of(json!({ "action": "delete", "room": "r", "seq": 2, "id": "it" })), now)
        },
        |after| after.changes(ChangeKind::Deleted) == 1 && after.message(2).text.is_empty();
    deleting_in_a_named_epoch: Retry::Reconnect("ack"),
        |chat, caller, now| {
            let delete = json!({ "action": "delete", "room": "r", "epoch": "e1", "seq": 2, "id": "it" });
            chat.delete(caller, of(delete), now)
        },
        |after| after.changes(ChangeKind::Deleted) == 1 && after.message(2).text.is_empty();
    reacting: Retry::Reconnect("ack"),
        |chat, caller, now| {
            let react = json!({ "action": "react", "room": "r", "seq": 2, "id": "it", "emoji": "👍", "on": true });
            chat.react(caller, of(react), now)
        },
        |after| after.has_reaction_of_ada();
    reacting_in_a_named_epoch: Retry::Reconnect("ack"),
        |chat, caller, now| {
            let react = json!({
                "action": "react", "room": "r", "epoch": "e1", "seq": 2, "id": "it", "emoji": "👍", "on": true,
            });
            chat.react(caller, of(react), now)
        },
        |after| after.has_reaction_of_ada();
    allowing_a_bot: Retry::Request,
        |chat, _caller, now| set_bot(chat, true, now),
        |after| after.room.as_ref().is_some_and(|room| room.settings.bots.len() == 1);
    making_a_webhook: Retry::Never,
        |chat, _caller, now| make_hook(chat, now),
        |after| after.room.as_ref().is_some_and(|room| {
            room.settings.hooks.len() <= 1 && room.settings.hooks.len() == room.settings.bots.len()
        });
    removing_no_bot: Retry::Request,
        |chat, _caller, now| set_bot(chat, false, now),
        |after| after.room.as_ref().is_some_and(|room| room.settings.bots.is_empty());
    reading: Retry::Reconnect("history"),
        |chat, caller, now| {
            chat.history(caller, of(json!({ "action": "history", "room": "r", "after": 0 })), now)
        },
        |_| true;
    typing_on: Retry::Never,
        |chat, caller, now| chat.typing(caller, of(json!({ "action": "typing", "room": "r" })), now),
        |_| true;
    pinging: Retry::Reconnect("pong"),
        |chat, caller, now| chat.ping(caller, of(json!({ "action": "ping" })), now),
        |_| true;
    renaming_the_room: Retry::Request,
        |chat, _caller, now| change(chat, r#"{"name":"Tea"}"#, now),
        |after| {
            let notices = after.events.iter().filter(|event| matches!(event, LogEvent::Notice(_))).count();
            after.room.as_ref().is_some_and(|room| room.name == "Tea") && notices == 1
        };
    changing_the_rules: Retry::Request,
        |chat, _caller, now| change(chat, r#"{"maxPeople":50,"endsWithoutOwnerAfterSeconds":3600}"#, now),
        |after| {
            let notices = after.events.iter().filter(|event| matches!(event, LogEvent::Notice(_))).count();
            let settings = after.room.as_ref().map(|room| &room.settings);
            settings.is_some_and(|settings| settings.max_people.is_some()) && notices == 1
        };
    setting_a_password: Retry::Request,
        |chat, _caller, now| change(chat, r#"{"password":"earl grey"}"#, now),
        |after| after.room.as_ref().is_some_and(|room| room.settings.pass_key.is_some());
    banning_somebody: Retry::Request,
        |chat, _caller, now| moderate(chat, r#"{"action":"ban","userId":"cem","name":"Cem"}"#, now),
        |after| after.notices(NoticeKind::Banned) >= 1;
    turning_slow_mode_on: Retry::Request,
        |chat, _caller, now| moderate(chat, r#"{"action":"slowMode","seconds":1}"#, now),
        |after| {
            let is_slow = after.room.as_ref().is_some_and(|room| room.moderated.slow_mode_seconds.is_some());
            is_slow && after.notices(NoticeKind::RulesChanged) >= 1
        };
    reporting_a_message: Retry::Request,
        |chat, _caller, now| report(chat, now),
        |after| after.reported.contains(&1);
    listing_reports: Retry::Request,
        |chat, _caller, now| reports(chat, now),
        |_| true;
    deleting_what_was_reported: Retry::Request,
        |chat, _caller, now| {
            moderate(chat, r#"{"action":"deleteReported","report":{"epoch":"e1","seq":2}}"#, now)
        },
        |after| {
            let is_deleted = after.changes(ChangeKind::Deleted) == 1 && after.message(2).text.is_empty();
            is_deleted && after.reported.is_empty()
        };
    muting_and_resolving_a_report: Retry::Request,
        |chat, _caller, now| {
            let mute = r#"{"action":"mute","userId":"cem","name":"Cem","report":{"epoch":"e1","seq":2}}"#;
            moderate(chat, mute, now)
        },
        |after| after.notices(NoticeKind::Muted) >= 1 && after.reported.is_empty();
    dismissing_a_report: Retry::Request,
        |chat, _caller, now| moderate(chat, r#"{"action":"dismissReport","report":{"epoch":"e1","seq":2}}"#, now),
        |after| after.changes(ChangeKind::Deleted) == 0 && after.reported.is_empty();
    reading_the_state_of_moderation: Retry::Request,
        |chat, _caller, now| moderation(chat, now),
        |_| true;
    closing_the_room: Retry::Request,
        |chat, _caller, now| close(chat, now),
        |after| after.room.is_none() && after.events.is_empty() && after.here.is_empty();
    clearing_the_room: Retry::Request,
        |chat, _caller, now| chat.clear_room(&person("ada"), "r", Some("e1"), Instant::now(), now),
        |after| after.room.as_ref().is_some_and(|room| room.epoch != "e1") && after.messages().all(|message| message.id != "first");
    making_a_room: Retry::Request,
        |chat, _caller, now| create(chat, now),
        |_| true;
    registering_a_handle: Retry::Reconnect("registered"),
        |chat, caller, now| chat.register(caller, of(json!({ "action": "register", "handle": "ada" })), now),
        |_| true;
    claiming_a_handle: Retry::Request,
        |chat, _caller, now| claim(chat, now),
        |_| true;
    releasing_a_handle: Retry::Request,
        |chat, _caller, now| chat.release_handle("ada", now),
        |_| true;
    finding_a_person: Retry::Request,
        |chat, _caller, now| find(chat, now),
        |_| true;
    describing_oneself: Retry::Request,
        |chat, _caller, now| chat.describe_me(person("ada"), now),
        |_| true;
    describing_the_room: Retry::Request,
        |chat, _caller, now| describe(chat, now),
        |_| true;
    reading_a_page: Retry::Request,
        |chat, _caller, now| read_page(chat, now),
        |_| true;
    listing_rooms: Retry::Request,
        |chat, _caller, now| list(chat, now),
        |_| true;
}

async fn set_bot(chat: &Chat, is_allowed: bool, now: Millis) -> Result<(), ChatError> {
    let decision = Decision { room_id: "r", name: "concierge", is_allowed };
    chat.set_bot(&site(), &person("ada"), decision, now).await.map(|_| ())
}

async fn make_hook(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    let new = parse_body(r#"{"name":"Build server","url":"https://example.com/told"}"#).unwrap();
    chat.create_hook(&person("ada"), "r", new, Scheme::Https, now).await.map(|_| ())
}

async fn change(chat: &Chat, body: &str, now: Millis) -> Result<(), ChatError> {
    chat.update_room(&site(), &person("ada"), "r", &parse_body(body).unwrap(), now).await.map(|_| ())
}

async fn moderate(chat: &Chat, body: &str, now: Millis) -> Result<(), ChatError> {
    chat.moderate(&person("ada"), "r", &parse_body(body).unwrap(), now).await
}

async fn report(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    let body = parse_body(r#"{"epoch":"e1","seq":1,"reason":"spam"}"#).unwrap();
    chat.report(&person("bob"), "r", &body, None, now).await
}

async fn reports(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    chat.reports(&person("ada"), "r", None, now).await.map(|_| ())
}

async fn moderation(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    chat.moderation(&person("ada"), "r", None, now).await.map(|_| ())
}

async fn close(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    chat.close_room(&person("ada"), "r", Instant::now(), now).await.map(|_| ())
}

async fn create(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    chat.create_room(&site(), parse_body(r#"{"name":"New"}"#).unwrap(), None, now).await.map(|_| ())
}

async fn claim(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    chat.claim_handle(person("ada"), IdentityKind::SignedIn, handle(), now).await.map(|_| ())
}

async fn find(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    chat.find_person(&handle(), now).await.map(|_| ())
}

fn handle() -> Handle {
    Handle::try_from("ada".to_owned()).unwrap()
}

async fn list(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    chat.list_rooms(&site(), None, None, now).await.map(|_| ())
}

async fn describe(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    chat.describe_room(&site(), "r", None, None, now).await.map(|_| ())
}

async fn read_page(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    chat.list_messages("r", PageRange::After(0), PAGE_EVENTS.into(), None, None, now).await.map(|_| ())
}
