//! Changes are stored once, and everyone sees messages in their current state.

use serde_json::{Value, json};

use crate::support::{NOON, SECOND, TestEnv, frame, test_env};
use crate::{delete, edit, history, react, room_with_two_messages};

#[tokio::test]
async fn an_edit_is_posted_to_everyone_with_the_edited_message() {
    let env = test_env().await;
    let (_, bob) = room_with_two_messages(&env).await;
    edit(&env, &bob, 1, "e1", "better").await.unwrap();
    let change = json!({
        "type": "change", "room": "r", "epoch": "e1", "seq": 3, "of": 1, "kind": "edited",
        "by": { "userId": "bob", "name": "bob" }, "at": NOON + SECOND,
        "message": {
            "room": "r", "epoch": "e1", "seq": 1, "id": "b1", "from": { "userId": "bob", "name": "bob" },
            "text": "better", "at": NOON, "version": 3, "editedAt": NOON + SECOND,
        },
    });
    assert_eq!(env.gateway.take("ada-1"), std::slice::from_ref(&change));
    let ack = json!({ "type": "ack", "room": "r", "epoch": "e1", "id": "e1", "seq": 3, "at": NOON + SECOND });
    assert_eq!(env.gateway.take("bob-1"), [change, ack]);
}

#[tokio::test]
async fn a_repeated_change_is_stored_once() {
    let env = test_env().await;
    let (_, bob) = room_with_two_messages(&env).await;
    let ack = |env: &TestEnv| env.gateway.take("bob-1").pop().unwrap()["seq"].clone();

    edit(&env, &bob, 1, "e1", "better").await.unwrap();
    assert_eq!(ack(&env), 3);
    edit(&env, &bob, 1, "e2", "best").await.unwrap();
    assert_eq!(ack(&env), 4);
    env.gateway.take("ada-1");
    // A late retry of the first edit.
    edit(&env, &bob, 1, "e1", "better").await.unwrap();
    assert_eq!(ack(&env), 3);
    assert_eq!(
        env.gateway.take("ada-1")[0]["message"]["text"],
        "best",
        "posted again, with the message in its current state"
    );

    react(&env, &bob, 2, "r1", "👍", true).await.unwrap();
    let reacted = ack(&env);
    react(&env, &bob, 2, "r2", "👍", true).await.unwrap();
    assert_eq!(ack(&env), reacted);
    react(&env, &bob, 2, "r3", "👎", false).await.unwrap();
    assert_eq!(ack(&env), reacted);
    delete(&env, &bob, 1, "d1").await.unwrap();
    let deleted = ack(&env);
    delete(&env, &bob, 1, "d2").await.unwrap();
    assert_eq!(ack(&env), deleted);

    // A retry of a change from before the deletion still gets its number.
    edit(&env, &bob, 1, "e1", "better").await.unwrap();
    assert_eq!(ack(&env), 3);

    let page = history(&env, &bob, json!({})).await;
    let kinds: Vec<&str> =
        page["events"].as_array().unwrap().iter().filter_map(|event| event["kind"].as_str()).collect();
    assert_eq!(kinds, ["edited", "edited", "reacted", "deleted"]);
}

#[tokio::test]
async fn a_deleted_message_keeps_its_number_and_its_former_text_is_in_no_answer() {
    let env = test_env().await;
    let (ada, bob) = room_with_two_messages(&env).await;
    edit(&env, &bob, 1, "e1", "a secret").await.unwrap();
    react(&env, &ada, 1, "r1", "👍", true).await.unwrap();
    delete(&env, &bob, 1, "d1").await.unwrap();
    for bounds in [json!({}), json!({ "after": 0 }), json!({ "after": 2 })] {
        let page = history(&env, &ada, bounds).await;
        assert!(!page.to_string().contains("a secret") && !page.to_string().contains("said b1"), "{page}");
    }
    let message = history(&env, &ada, json!({})).await["events"][0].clone();
    let deleted_at = NOON + SECOND;
    assert_eq!(
        message,
        json!({
            "type": "message", "room": "r", "epoch": "e1", "seq": 1, "id": "b1", "text": "", "at": NOON,
            "from": { "userId": "bob", "name": "bob" }, "version": 5, "editedAt": NOON + SECOND, "deletedAt": deleted_at,
        })
    );
}

#[tokio::test]
async fn a_client_that_resumes_learns_the_current_state_of_earlier_messages() {
    let env = test_env().await;
    let (ada, bob) = room_with_two_messages(&env).await;
    edit(&env, &bob, 1, "e1", "better").await.unwrap();
    react(&env, &ada, 1, "r1", "🇩🇪", true).await.unwrap();
    react(&env, &ada, 2, "r2", "👍", true).await.unwrap();
    env.send(&bob, "r", "b2", NOON).await.unwrap();
    edit(&env, &bob, 6, "e2", "new").await.unwrap();

    env.gateway.take("ada-1");
    let join = frame(r#"{"action":"join","room":"r","since":{"epoch":"e1","seq":2}}"#);
    env.chat.join(&ada, join, NOON + SECOND).await.unwrap();
    let joined = env.gateway.take("ada-1").remove(0);
    assert_eq!((&joined["recovered"], &joined["from"], &joined["to"]), (&json!(true), &json!(3), &json!(7)));
    let events = joined["events"].as_array().unwrap();
    let state = |event: &Value| json!([event["seq"], event["kind"], event["message"]["version"], event["text"]]);
    assert_eq!(
        events.iter().map(state).collect::<Vec<_>>(),
        [
            json!([3, "edited", null, null]),
            json!([4, "reacted", 4, null]),
            json!([5, "reacted", 5, null]),
            json!([6, null, null, "new"]),
            json!([7, "edited", null, null]),
        ],
        "the last change of each earlier message carries it; messages on the page are in their current state"
    );
    assert_eq!(events[1]["message"]["text"], "better");
    assert_eq!(events[1]["message"]["reactions"], json!([{ "emoji": "🇩🇪", "userIds": ["ada"] }]));
}

#[tokio::test]
async fn two_simultaneous_changes_of_one_message_are_both_stored() {
    let env = test_env().await;
    let (ada, bob) = room_with_two_messages(&env).await;
    let (one, two) = tokio::join!(react(&env, &ada, 1, "1", "👍", true), react(&env, &bob, 1, "2", "👍", true));
    one.unwrap();
    two.unwrap();
    let page = history(&env, &ada, json!({ "after": 0 })).await;
    let users = page["events"][0]["reactions"][0]["userIds"].as_array().unwrap().len();
    assert_eq!(users, 2);
    let changes = page["events"].as_array().unwrap().iter().filter(|event| event["type"] == "change").count();
    assert_eq!(changes, 2, "each is stored once");
}
