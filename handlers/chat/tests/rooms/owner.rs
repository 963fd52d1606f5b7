//! The owner renames and closes a room, and nobody else does.

use parlor_chat::Chat;
use parlor_chat::store::{Gate, LogKey};
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use serde_json::json;
use tokio::time::Instant;

use crate::support::faults::{Ended, Fault};
use crate::support::{NOON, person, site, test_env};

#[tokio::test]
async fn only_the_owner_closes_a_room_and_everyone_then_leaves_it() {
    let env = test_env().await;
    env.room("r", Visibility::Public, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.joined("bob-1", "r", NOON).await;
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    env.gateway.take("bob-1");

    let close = async |user: &str, room: &str| env.chat.close_room(&person(user), room, Instant::now(), NOON).await;
    assert_eq!(close("bob", "r").await.unwrap_err().code(), ErrorCode::Forbidden);
    assert_eq!(close("ada", "nowhere").await.unwrap_err().code(), ErrorCode::RoomNotFound);
    close("ada", "r").await.unwrap();

    let notice = json!({
        "type": "notice", "room": "r", "epoch": "e1", "seq": 2, "kind": "closed", "name": "Room r",
        "by": { "userId": "ada", "name": "ada" }, "at": NOON,
    });
    assert_eq!(
        env.gateway.take("bob-1"),
        [notice, json!({ "type": "left", "room": "r", "reason": "closed" })],
        "everyone gets the notice and leaves"
    );
    assert_eq!(env.chat.connections.in_room("r").await.unwrap(), []);
    assert_eq!(
        env.chat.log.get(LogKey { room_id: "r", epoch: "e1", seq: 1 }).await.unwrap(),
        None,
        "messages are deleted"
    );
    assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap_err().code(), ErrorCode::RoomClosed);
    assert_eq!(env.chat.rooms.next_seq("r", Gate::Unchecked, NOON).await.unwrap_err().code(), ErrorCode::RoomClosed);
    close("ada", "r").await.unwrap();
}

#[tokio::test]
async fn nobody_can_close_a_room_without_an_owner() {
    let env = test_env().await;
    let body = parse_body(r#"{"name":"Nobody's"}"#).unwrap();
    let made = env.chat.create_room(&site(), body, None, NOON).await.unwrap();
    let refused = env.chat.close_room(&person(""), &made.room_id, Instant::now(), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Forbidden);
}

#[tokio::test]
async fn renaming_a_room_stores_and_posts_a_notice() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.joined("bob-1", "r", NOON).await;
    env.gateway.take("bob-1");
    let rename = async |user: &str, body: &str| {
        env.chat.update_room(&site(), &person(user), "r", &parse_body(body).unwrap(), NOON).await
    };

    assert_eq!(rename("bob", r#"{"name":"Bob's"}"#).await.unwrap_err().code(), ErrorCode::Forbidden);
    assert_eq!(rename("ada", "{}").await.unwrap_err().code(), ErrorCode::InvalidField);
    let room = rename("ada", r#"{"name":"Tea","topic":"Green"}"#).await.unwrap();
    assert_eq!((room.name.as_str(), room.topic.as_deref()), ("Tea", Some("Green")));
    let notice = json!({
        "type": "notice", "room": "r", "epoch": "e1", "seq": 1, "kind": "renamed", "name": "Tea", "topic": "Green",
        "by": { "userId": "ada", "name": "ada" }, "at": NOON,
    });
    assert_eq!(env.gateway.take("bob-1"), [notice]);

    rename("ada", r#"{"name":"Tea"}"#).await.unwrap();
    assert_eq!(env.gateway.take("bob-1"), Vec::<serde_json::Value>::new(), "an unchanged room has no notice");
    let room = rename("ada", r#"{"topic":""}"#).await.unwrap();
    assert_eq!((room.name.as_str(), room.topic), ("Tea", None));
    assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap().seq, 2);

    for (body, name) in [(r#"{"topic":null}"#, "Tea"), (r#"{"name":"Coffee","topic":null}"#, "Coffee")] {
        rename("ada", r#"{"topic":"Black"}"#).await.unwrap();
        let room = rename("ada", body).await.unwrap();
        assert_eq!((room.name.as_str(), room.topic), (name, None), "{body}");
    }
}

#[tokio::test]
async fn two_simultaneous_updates_of_a_room_both_take_effect() {
    let owner = person("ada");
    for n in 1.. {
        let env = test_env().await;
        env.room("r", Visibility::Unlisted, NOON).await;
        let rename =
            async |chat: &Chat, body| chat.update_room(&site(), &owner, "r", &parse_body(body).unwrap(), NOON).await;
        let meanwhile = async || {
            rename(&env.chat, r#"{"topic":"Green"}"#).await.unwrap();
        };
        let renamed = rename(&env.faulty, r#"{"name":"Tea"}"#);
        let (ended, happened) = env.faults.during(n, Fault::Delay, renamed, meanwhile).await;
        assert!(matches!(ended, Ended::Finished(Ok(_))), "call {n}");
        if !happened {
            break;
        }
        let room = env.chat.rooms.open("r", NOON).await.unwrap();
        assert_eq!((room.name.as_str(), room.topic.as_deref()), ("Tea", Some("Green")), "call {n}");
    }
}
