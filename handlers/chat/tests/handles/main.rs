//! Handles: one person for each, whoever competes, whatever fails, and for as long as it lasts.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod claiming;
mod faults;
mod lasting;
mod races;

use std::collections::BTreeMap;

use parlor_chat::people::identity::IdentityKind;
use parlor_chat::store::People;
use parlor_chat::{Caller, Chat};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::names::look_alike_key;
use parlor_protocol::text::Handle;
use serde_json::json;
use support::{TestEnv, frame, person};

/// Claims a handle over a connection, and returns the handle that it then has.
async fn register(chat: &Chat, caller: &Caller, handle: &str, now: Millis) -> Result<(), ErrorCode> {
    let register = json!({ "action": "register", "handle": handle, "id": "1" });
    chat.register(caller, frame(&register.to_string()), now).await.map(drop).map_err(|error| error.code())
}

/// Claims a handle over HTTP.
async fn claim(chat: &Chat, user_id: &str, kind: IdentityKind, handle: &str, now: Millis) -> Result<(), ErrorCode> {
    let claimed = chat.claim_handle(person(user_id), kind, valid(handle), now).await;
    claimed.map(drop).map_err(|error| error.code())
}

/// Returns the id of the person who has a handle.
async fn holder(env: &TestEnv, handle: &str, now: Millis) -> Option<String> {
    env.chat.find_person(&valid(handle), now).await.unwrap().map(|found| found.user_id)
}

async fn handle_of(env: &TestEnv, user_id: &str, now: Millis) -> Option<String> {
    env.chat.describe_me(person(user_id), now).await.unwrap().handle
}

fn valid(handle: &str) -> Handle {
    Handle::try_from(handle.to_owned()).unwrap()
}

fn signed_in(caller: Caller) -> Caller {
    Caller { kind: Some(IdentityKind::SignedIn), ..caller }
}

/// Returns the persons of the table's handles, by key, and the handles of the table's persons. Checks that each handle is
/// the one of its person.
async fn rows(env: &TestEnv, what: &str) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let People { db, table } = &env.chat.people;
    let items = db.scan().table_name(table).send().await.unwrap().items.unwrap();
    let text = |item: &std::collections::HashMap<_, aws_sdk_dynamodb::types::AttributeValue>, name: &str| {
        item.get(name).map(|value| value.as_s().unwrap().clone())
    };
    let (mut handles, mut people) = (BTreeMap::new(), BTreeMap::new());
    for item in &items {
        let key = text(item, "key").unwrap();
        if let Some(key) = key.strip_prefix("handle#") {
            handles.insert(key.to_owned(), text(item, "userId").unwrap());
        } else if let Some(handle) = text(item, "handle") {
            people.insert(key.strip_prefix("person#").unwrap().to_owned(), handle);
        }
    }
    for (key, user_id) in &handles {
        let own = people.get(user_id).map(|handle| look_alike_key(handle));
        assert_eq!(own.as_ref(), Some(key), "{what}: {user_id}'s row names another handle than the one that is theirs");
    }
    (handles, people)
}
