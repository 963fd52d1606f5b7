//! Connections that are gone, throttled or unresponsive do not affect the other readers.

use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use serde_json::{Value, json};

use crate::here;
use crate::support::{NOON, frame, person, test_env};

#[tokio::test]
async fn a_gone_connection_is_removed_at_the_first_post_and_announced() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    for name in ["bob-1", "carol-1", "dave-1"] {
        env.joined(name, "r", NOON).await;
    }
    for name in ["ada-1", "bob-1", "carol-1", "dave-1"] {
        env.gateway.take(name);
    }
    env.gateway.end("bob-1");
    env.gateway.end("carol-1");

    let counts = env.send(&ada, "r", "m1", NOON).await.unwrap();

    assert_eq!(counts.gone, 2);
    let told = env.gateway.take("dave-1").pop().unwrap();
    assert_eq!((&told["people"], &told["count"]), (&json!([person("bob"), person("carol")]), &json!(2)));
    assert_eq!(env.gateway.take_types("ada-1"), ["message", "ack", "presence"]);
    assert_eq!(here(&env, NOON).await, ["ada-1", "dave-1"]);
}

#[tokio::test]
async fn a_throttled_or_unresponsive_reader_is_skipped_and_stays() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.joined("bob-1", "r", NOON).await;
    env.joined("carol-1", "r", NOON).await;
    env.joined("dave-1", "r", NOON).await;
    for name in ["ada-1", "dave-1"] {
        env.gateway.take(name);
    }
    env.gateway.throttle("bob-1");
    env.gateway.silence("carol-1");

    let counts = env.send(&ada, "r", "m1", NOON).await.unwrap();

    assert_eq!((counts.delivered, counts.skipped, counts.gone), (2, 2, 0));
    assert_eq!(env.gateway.take_types("dave-1"), ["message"]);
    assert_eq!(env.gateway.take_types("ada-1"), ["message", "ack"]);
    assert_eq!(here(&env, NOON).await, ["ada-1", "bob-1", "carol-1", "dave-1"]);
}

#[tokio::test]
async fn an_ack_does_not_wait_for_an_unresponsive_reader() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.joined("carol-1", "r", NOON).await;
    env.gateway.silence("carol-1");
    tokio::select! {
        biased;
        sent = env.send(&ada, "r", "m1", NOON) => panic!("it waited for Carol: {sent:?}"),
        () = env.gateway.posted("ada-1", "ack") => {}
    }
}

#[tokio::test]
async fn typing_is_posted_to_the_others_only() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.joined("bob-1", "r", NOON).await;
    let carol = env.connect("carol-1", NOON).await;
    env.gateway.take("ada-1");
    env.gateway.take("bob-1");
    let typing = || frame(r#"{"action":"typing","room":"r"}"#);

    env.chat.typing(&ada, typing(), NOON).await.unwrap();
    let told = json!({ "type": "typing", "room": "r", "from": { "userId": "ada", "name": "ada" } });
    assert_eq!(env.gateway.take("bob-1"), [told]);
    assert_eq!(env.gateway.take("ada-1"), [] as [Value; 0]);
    let refused = env.chat.typing(&carol, typing(), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotJoined);
}
