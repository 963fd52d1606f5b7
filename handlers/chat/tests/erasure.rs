//! Exporting and erasing a person, checked on the tables: nothing of theirs is left, and all of the others' is.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod support;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use parlor_chat::people::erase::{ERASED_NAME, Erasure};
use parlor_chat::people::identity::IdentityKind;
use parlor_chat::{Caller, Chat, ChatError};
use parlor_protocol::Millis;
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Export;
use parlor_protocol::person::Person;
use parlor_protocol::text::Handle;
use serde_json::{Value, json};
use support::faults::{Ended, Fault};
use support::{HOUR, MINUTE, NOON, TestEnv, frame, person, test_env};
use tokio::time::Instant;

const NAME: &str = "Ada Lovelace";
/// Part of everything that Ada writes.
const SECRET: &str = "the secret of Ada";

fn ada() -> Person {
    Person { user_id: "ada".into(), name: NAME.into() }
}

/// Opens a connection with a token, under another name than the id.
async fn connect_ada(env: &TestEnv) -> Caller {
    let caller = Caller {
        connection_id: "ada-1".into(),
        user_id: "ada".into(),
        name: NAME.into(),
        kind: Some(IdentityKind::SignedIn),
        address: None,
    };
    env.chat.connect(&caller, NOON).await.unwrap();
    caller
}

async fn say(env: &TestEnv, caller: &Caller, room: &str, text: &str) {
    let send = json!({ "action": "send", "room": room, "id": text.replace(' ', "-"), "text": text });
    env.chat.send(caller, frame(&send.to_string()), NOON).await.unwrap();
}

async fn converse(env: &TestEnv, by: &Person, body: Value) -> String {
    env.chat.create_conversation(by, parse_body(&body.to_string()).unwrap(), NOON).await.unwrap().room
}

/// Ada and Bob write in a room and to each other, and Ada has a handle. Returns both places.
async fn talk(env: &TestEnv, ada_1: &Caller, bob: &Caller) -> [String; 2] {
    let handle = Handle::try_from("countess".to_owned()).unwrap();
    env.chat.claim_handle(ada(), IdentityKind::SignedIn, handle, NOON).await.unwrap();
    let room = env.create("bob", json!({})).await.room_id;
    let direct = converse(env, &ada(), json!({ "with": "bob" })).await;
    for caller in [ada_1, bob] {
        env.join(caller, &room, NOON).await.unwrap();
    }
    for place in [&room, &direct] {
        say(env, ada_1, place, &format!("{SECRET} in {place}")).await;
        say(env, bob, place, &format!("kept in {place}")).await;
    }
    let read = json!({ "action": "read", "room": direct, "seq": 2 });
    env.chat.read(ada_1, frame(&read.to_string()), NOON).await.unwrap();
    [room, direct]
}

/// Erases Ada, however many requests it takes.
async fn erase(chat: &Chat, messages: bool, now: Millis) -> Result<usize, ChatError> {
    let mut cursor = None;
    for requests in 1.. {
        let erasure = Erasure { user_id: "ada", messages, cursor: cursor.as_deref() };
        // The time is over from the beginning, so that each request does the least that it may. Requests have a rate.
        match chat.erase(erasure, Instant::now(), now + MINUTE * requests as Millis).await? {
            None => return Ok(requests),
            Some(erasing) => cursor = Some(erasing.cursor),
        }
    }
    unreachable!()
}

async fn export(env: &TestEnv, now: Millis) -> Vec<Export> {
    let mut pages: Vec<Export> = Vec::new();
    loop {
        let cursor = pages.last().map(|page| page.cursor.clone().unwrap());
        let now = now + MINUTE * pages.len() as Millis;
        let page = env.chat.export(ada(), cursor.as_deref(), Instant::now(), now).await.unwrap();
        let is_last = page.cursor.is_none();
        pages.push(page);
        if is_last {
            return pages;
        }
    }
}

type Item = HashMap<String, AttributeValue>;

async fn items(env: &TestEnv, table: &str) -> Vec<Item> {
    env.chat.rooms.db.scan().table_name(table).send().await.unwrap().items.unwrap()
}

fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
}

/// Checks that the tables hold nothing of Ada's but her id and, in notices and changes, her name.
async fn assert_erased(env: &TestEnv, what: &str) {
    for item in items(env, "people").await {
        let key = text(&item, "key").unwrap();
        assert!(["person#ada", "account#account"].contains(&key), "{what}: {item:?}");
        assert!(text(&item, "name").is_none() && text(&item, "handle").is_none(), "{what}: {item:?}");
    }
    assert_eq!(env.chat.connections.of_person("ada").await.unwrap(), [], "{what}");
    for item in items(env, "members").await {
        let scope = text(&item, "scope").unwrap();
        assert!(!["visits#ada", "conversations#ada"].contains(&scope), "{what}: {item:?}");
        assert_ne!(text(&item, "name"), Some(NAME), "{what}: {item:?}");
        if text(&item, "userId") == Some("ada") {
            assert!(item.contains_key("until") && !item.contains_key("read"), "{what}: {item:?}");
        }
    }
    for item in items(env, "messages").await {
        assert!(!format!("{item:?}").contains(SECRET), "{what}: {item:?}");
        let is_message = text(&item, "type") == Some("message");
        assert!(!is_message || text(&item, "name") != Some(NAME), "{what}: {item:?}");
    }
}

async fn messages_of(env: &TestEnv, user_id: &str) -> Vec<Item> {
    let mut items = items(env, "messages").await;
    items.retain(|item| text(item, "type") == Some("message") && text(item, "userId") == Some(user_id));
    items
}

#[tokio::test]
async fn everything_of_a_person_is_exported_and_then_erased() {
    let env = test_env().await;
    let (ada_1, bob) = (connect_ada(&env).await, env.connect("bob-1", NOON).await);
    env.connect("carl-1", NOON).await;
    assert_eq!(env.chat.link_guest(person("account"), ada(), NOON).await.unwrap().user_id, "ada");
    let [room, direct] = talk(&env, &ada_1, &bob).await;
    let owned = converse(&env, &ada(), json!({ "title": "Owned", "members": ["bob", "carl"] })).await;
    let former = converse(&env, &person("bob"), json!({ "title": "Former", "members": ["ada", "carl"] })).await;
    let alone = converse(&env, &ada(), json!({ "title": "Alone", "members": ["carl"] })).await;
    for group in [&owned, &former, &alone] {
        say(&env, &ada_1, group, SECRET).await;
    }
    env.chat.remove_member(&ada(), &former, "ada", NOON).await.unwrap();
    env.chat.remove_member(&ada(), &alone, "carl", NOON).await.unwrap();
    env.chat.block(&ada(), &"carl".to_owned().try_into().unwrap(), NOON).await.unwrap();

    let pages = export(&env, NOON + MINUTE).await;
    assert!(pages.len() > 1, "one page for each place, as the time is over");
    let first = &pages[0];
    let me = first.me.as_ref().unwrap();
    assert_eq!((me.name.as_str(), me.handle.as_deref()), (NAME, Some("countess")));
    assert_eq!(first.blocks, ["carl"]);
    assert_eq!(first.visited, sorted([former.clone(), room.clone()].into()));
    let titles = first.memberships.iter().map(|membership| membership.title.clone());
    assert_eq!(sorted(titles.collect()), ["", "", "Alone", "Owned"]);
    let read = first.memberships.iter().find(|membership| membership.room == direct).unwrap().read;
    assert_eq!(read, Some(2));
    let exported: Vec<_> = pages.iter().flat_map(|page| &page.messages).collect();
    assert_eq!(exported.len(), 5);
    assert!(exported.iter().all(|message| message.text.contains(SECRET) && message.from.user_id == "ada"));

    assert!(erase(&env.chat, true, NOON + HOUR).await.unwrap() > 1, "each request does one thing, as the time is over");
    assert_erased(&env, "after erasing").await;
    assert_eq!(messages_of(&env, "bob").await.len(), 2);
    assert!(messages_of(&env, "bob").await.iter().all(|item| text(item, "text").unwrap().starts_with("kept")));
    let after = export(&env, NOON + 2 * HOUR).await;
    assert!(after.iter().all(|page| page.messages.is_empty() && page.memberships.is_empty()), "{after:?}");

    let seen = env.chat.describe_conversation("bob", &direct, NOON).await.unwrap();
    let names: Vec<_> = seen.members.iter().map(|member| member.person.name.as_str()).collect();
    assert_eq!(names, ["bob", ERASED_NAME]);
    assert!(env.gateway.is_ended("ada-1"), "other devices connect again, and join again");
    let of_carl = env.chat.list_conversations("carl", None, None, false, NOON).await.unwrap().conversations;
    let titles = of_carl.iter().map(|one| one.title.clone().unwrap_or_default());
    assert_eq!(sorted(titles.collect()), ["Former", "Owned"], "nothing tells who blocked whom");
    let taken = env.chat.link_guest(person("another"), ada(), NOON).await.map_err(|error| error.code());
    assert_eq!(taken.err(), Some(ErrorCode::AlreadyLinked), "the guest's token gives nobody else the person");
    let owners = env.chat.describe_conversation("bob", &owned, NOON).await.unwrap();
    assert!(owners.members.iter().any(|member| member.role == parlor_protocol::conversations::Role::Owner));
    let closed = env.chat.describe_conversation("ada", &alone, NOON).await.map_err(|error| error.code());
    assert_eq!(closed.err(), Some(ErrorCode::RoomNotFound), "nobody is left in it");
}

#[tokio::test]
async fn messages_stay_unless_their_deletion_is_asked_for() {
    let env = test_env().await;
    let (ada_1, bob) = (connect_ada(&env).await, env.connect("bob-1", NOON).await);
    talk(&env, &ada_1, &bob).await;
    erase(&env.chat, false, NOON).await.unwrap();
    let messages = messages_of(&env, "ada").await;
    assert_eq!(messages.len(), 2);
    assert!(messages.iter().all(|item| text(item, "text").unwrap().contains(SECRET)));
    assert_eq!(items(&env, "people").await, []);
}

#[tokio::test]
async fn an_erasure_gets_through_a_log_that_takes_many_queries() {
    let env = test_env().await;
    let (ada_1, bob) = (connect_ada(&env).await, env.connect("bob-1", NOON).await);
    let room = env.create("bob", json!({})).await.room_id;
    for caller in [&ada_1, &bob] {
        env.join(caller, &room, NOON).await.unwrap();
    }
    let long = "long ".repeat(790);
    for n in 0..600 {
        let (by, text) = if n % 300 == 299 { (&ada_1, SECRET) } else { (&bob, long.as_str()) };
        let send = json!({ "action": "send", "room": room, "id": n.to_string(), "text": text });
        env.chat.send(by, frame(&send.to_string()), NOON + n * 200).await.unwrap();
    }
    let exported: Vec<_> = export(&env, NOON + HOUR).await.into_iter().map(|page| page.messages.len()).collect();
    assert!(exported.len() > 2 && exported.iter().sum::<usize>() == 2, "{exported:?}");
    assert!(erase(&env.chat, true, NOON + 2 * HOUR).await.unwrap() > 2);
    assert_erased(&env, "a long log").await;
}

#[tokio::test]
async fn a_guest_has_a_handle_for_good_once_an_account_continues_as_them_whichever_token_claims_it() {
    let env = test_env().await;
    env.chat.link_guest(person("account"), ada(), NOON).await.unwrap();
    let countess = || Handle::try_from("countess".to_owned()).unwrap();
    env.chat.claim_handle(ada(), IdentityKind::GuestWithToken, countess(), NOON).await.unwrap();
    let later = env.chat.find_person(&countess(), NOON + 40 * 24 * HOUR).await.unwrap();
    assert_eq!(later.map(|found| found.user_id).as_deref(), Some("ada"));
}

#[tokio::test]
async fn those_in_the_room_learn_that_messages_are_gone() {
    let env = test_env().await;
    let (ada_1, bob) = (connect_ada(&env).await, env.connect("bob-1", NOON).await);
    let places = talk(&env, &ada_1, &bob).await;
    env.gateway.take("bob-1");
    erase(&env.chat, true, NOON).await.unwrap();
    let posts = env.gateway.take("bob-1");
    let deleted: Vec<_> = posts.iter().filter(|post| post["kind"] == "deleted").collect();
    let rooms = deleted.iter().map(|post| post["room"].as_str().unwrap().to_owned());
    assert_eq!(sorted(rooms.collect()), sorted(places.into()));
    assert!(deleted.iter().all(|post| post["message"]["text"] == "" && post["message"]["from"]["name"] == ERASED_NAME));
}

#[tokio::test]
async fn who_comes_back_is_a_member_again_from_then_on() {
    let env = test_env().await;
    let (ada_1, bob) = (connect_ada(&env).await, env.connect("bob-1", NOON).await);
    let [_, direct] = talk(&env, &ada_1, &bob).await;
    erase(&env.chat, true, NOON).await.unwrap();
    let again = converse(&env, &ada(), json!({ "with": "bob" })).await;
    assert_eq!(again, direct, "there is one conversation for a pair");
    let seen = env.chat.describe_conversation("ada", &direct, NOON).await.unwrap();
    assert!(seen.first > 2, "what was before stays hidden");
    say(&env, &ada_1, &direct, "Back").await;
    let seen = env.chat.describe_conversation("bob", &direct, NOON).await.unwrap();
    assert_eq!(seen.members[1].person.name, NAME);

    erase(&env.chat, true, NOON + HOUR).await.unwrap();
    let later = NOON + 3 * HOUR;
    env.chat.block(&ada(), &"bob".to_owned().try_into().unwrap(), later).await.unwrap();
    let send = json!({ "action": "send", "room": direct, "id": "1", "text": "Hi" });
    let refused = env.chat.send(&bob, frame(&send.to_string()), later).await.map_err(|error| error.code());
    assert_eq!(refused.err(), Some(ErrorCode::Blocked));
}

#[tokio::test]
async fn a_cursor_that_is_none_is_refused() {
    let env = test_env().await;
    for (n, cursor) in ["", "room", ".", "room.", "room.-1", "room.1.2", "room.99999999999999999"].iter().enumerate() {
        let exported = env.chat.export(ada(), Some(cursor), Instant::now(), NOON + n as Millis * MINUTE).await;
        assert_eq!(exported.err().map(|error| error.code()), Some(ErrorCode::InvalidField), "{cursor}");
    }
}

/// `npm test -- quick` skips this module by its name.
mod every_call_fails_once {
    use super::*;

    #[tokio::test]
    async fn whatever_fails_repeating_the_request_erases_all() {
        for fault in Fault::ALL {
            for n in 1.. {
                let what = format!("{fault:?} at call {n}");
                let env = test_env().await;
                let (ada_1, bob) = (connect_ada(&env).await, env.connect("bob-1", NOON).await);
                let [room, direct] = talk(&env, &ada_1, &bob).await;
                // Meanwhile Bob goes on talking.
                let meanwhile = async || {
                    for place in [&room, &direct] {
                        say(&env, &bob, place, "meanwhile").await;
                    }
                };
                let (ended, happened) = env.faults.during(n, fault, erase(&env.faulty, true, NOON), meanwhile).await;
                if let Ended::Finished(Err(error)) = &ended {
                    assert_eq!(error.code(), ErrorCode::Unavailable, "{what}");
                }
                if !matches!(ended, Ended::Finished(Ok(_))) {
                    erase(&env.chat, true, NOON + HOUR).await.unwrap();
                }
                assert_erased(&env, &what).await;
                let kept = if fault == Fault::Delay && happened { 4 } else { 2 };
                assert_eq!(messages_of(&env, "bob").await.len(), kept, "{what}");
                if !happened {
                    assert!(n > 10, "{what}: erasing makes few calls");
                    break;
                }
            }
        }
    }
}

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort();
    all
}
