//! What people are told when somebody joins, has a new name or leaves.

use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::person::{Person, digest};
use serde_json::{Value, json};

use crate::support::faults::{Ended, Fault};
use crate::support::{MINUTE, NOON, frame, person, test_env};
use crate::{pinged, presence};

#[tokio::test]
async fn joining_returns_the_people_and_announces_the_new_person_to_the_others() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.joined("bob-1", "r", NOON).await;
    env.gateway.take("bob-1");
    env.joined("ada-1", "r", NOON).await;

    let joined = env.gateway.take("ada-1").remove(0);
    assert_eq!(joined["you"], json!({ "userId": "ada", "name": "ada" }));
    assert_eq!(joined["people"], json!([{ "userId": "ada", "name": "ada" }, { "userId": "bob", "name": "bob" }]));
    assert_eq!(joined["count"], 2);
    assert_eq!(env.gateway.take("bob-1"), [presence("joined", "ada", 2)]);
}

#[tokio::test]
async fn a_person_joins_with_the_first_connection_and_leaves_with_the_last() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.joined("bob-1", "r", NOON).await;
    let first = env.joined("ada-1", "r", NOON).await;
    env.gateway.take("bob-1");
    let second = env.joined("ada-2", "r", NOON).await;
    env.chat.disconnect(&first.connection_id, NOON).await.unwrap();
    assert_eq!(env.gateway.take("bob-1"), [] as [Value; 0]);
    env.send(&second, "r", "m1", NOON).await.unwrap();
    assert_eq!(env.gateway.take_types("bob-1"), ["message"], "the second connection remains");

    env.chat.leave(&second, frame(r#"{"action":"leave","room":"r","id":"x"}"#), NOON).await.unwrap();
    assert_eq!(env.gateway.take("bob-1"), [presence("left", "ada", 1)]);
    let left = env.gateway.take("ada-2").pop().unwrap();
    assert_eq!(left, json!({ "type": "left", "room": "r", "reason": "left", "id": "x" }));
}

#[tokio::test]
async fn joining_again_announces_a_new_name_and_nothing_else() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.joined("bob-1", "r", NOON).await;
    env.gateway.take("bob-1");
    env.join(&ada, "r", NOON).await.unwrap();
    assert_eq!(env.gateway.take("bob-1"), [] as [Value; 0]);
    let renamed = frame(r#"{"action":"join","room":"r","name":"Countess"}"#);
    env.chat.join(&ada, renamed, NOON).await.unwrap();
    let told = env.gateway.take("bob-1").remove(0);
    assert_eq!((&told["event"], &told["people"][0]["name"]), (&json!("renamed"), &json!("Countess")));
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    assert_eq!(env.gateway.take("bob-1").remove(0)["from"]["name"], "Countess");
}

#[tokio::test]
async fn a_person_has_one_name_on_all_their_connections() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let first = env.joined("ada-1", "r", NOON).await;
    env.joined("bob-1", "r", NOON).await;
    let second = env.connect("ada-2", NOON).await;
    env.gateway.take("bob-1");

    let renamed = frame(r#"{"action":"join","room":"r","name":"Countess"}"#);
    env.chat.join(&second, renamed, NOON).await.unwrap();

    let people = env.gateway.take("ada-2").remove(0)["people"].clone();
    assert_eq!(people, json!([{ "userId": "ada", "name": "Countess" }, { "userId": "bob", "name": "bob" }]));
    let told = env.gateway.take("bob-1").remove(0);
    assert_eq!((&told["event"], &told["count"]), (&json!("renamed"), &json!(2)));
    env.send(&first, "r", "m1", NOON).await.unwrap();
    assert_eq!(env.gateway.take("bob-1").remove(0)["from"]["name"], "Countess");
}

#[tokio::test]
async fn retrying_a_failed_join_announces_the_person_or_the_new_name() {
    for (join, event) in [
        (r#"{"action":"join","room":"r"}"#, "joined"),
        (r#"{"action":"join","room":"r","name":"Countess"}"#, "renamed"),
    ] {
        for fault in [Fault::Outage, Fault::OutageAfter, Fault::Stop] {
            for n in 1.. {
                if !is_announced(join, event, n, fault).await {
                    break;
                }
            }
        }
    }
}

/// Returns whether the join made n calls.
async fn is_announced(join: &str, event: &str, n: usize, fault: Fault) -> bool {
    let what = format!("{event}, {fault:?} at call {n}");
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let bob = env.joined("bob-1", "r", NOON).await;
    let ada = env.connect("ada-1", NOON).await;
    if event == "renamed" {
        env.join(&ada, "r", NOON).await.unwrap();
        env.joined("ada-2", "r", NOON).await;
    }
    for name in ["ada-1", "bob-1"] {
        env.gateway.take(name);
    }
    let at = NOON + MINUTE;
    let act = env.faulty.join(&ada, frame(join), at);
    let (ended, happened) = env.faults.during(n, fault, act, async || {}).await;
    if let Ended::Finished(Err(error)) = ended {
        assert_eq!(error.code(), ErrorCode::Unavailable, "{what}: {error}");
    }
    let is_answered = env.gateway.take_types("ada-1").contains(&"joined".to_owned());
    if !is_answered {
        env.chat.join(&ada, frame(join), at).await.unwrap();
    }
    let told = env.gateway.take("bob-1");
    let is_told = told
        .iter()
        .any(|frame| frame["type"] == "presence" && frame["people"][0]["userId"] == "ada" && frame["event"] != "left");
    // If the function was killed or the post was lost after Ada's answer, a pong reveals it.
    assert!(is_told || is_answered, "{what}: {told:?}");
    let name = if event == "renamed" { "Countess" } else { "ada" };
    let people = [person("bob"), Person { user_id: "ada".into(), name: name.into() }];
    let expected = json!({ "epoch": "e1", "seq": 0, "count": 2, "people": digest(&people) });
    assert_eq!(pinged(&env, &bob, at).await["r"], expected, "{what}");
    happened
}

#[tokio::test]
async fn joining_again_is_not_announced_twice() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.joined("bob-1", "r", NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let tab = env.joined("ada-2", "r", NOON).await;
    env.gateway.take("bob-1");
    for caller in [&ada, &tab, &ada, &ada] {
        env.join(caller, "r", NOON).await.unwrap();
    }
    env.chat.disconnect("ada-1", NOON).await.unwrap();
    env.join(&tab, "r", NOON).await.unwrap();
    assert_eq!(env.gateway.take("bob-1"), [] as [Value; 0]);
}
