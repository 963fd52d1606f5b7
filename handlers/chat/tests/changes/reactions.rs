//! Reactions: which emoji count as one, and how many fit on a message.

use parlor_chat::log::change;
use parlor_protocol::client::React;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::{EMOJI_PER_MESSAGE, REACTIONS_PER_MESSAGE};
use serde_json::json;

use crate::support::{NOON, frame, test_env};
use crate::{history, react, room_with_two_messages};

#[tokio::test]
async fn reactions_can_be_added_and_removed_up_to_a_limit() {
    let env = test_env().await;
    let (ada, bob) = room_with_two_messages(&env).await;
    react(&env, &ada, 1, "1", "👍", true).await.unwrap();
    react(&env, &bob, 1, "2", "👍", true).await.unwrap();
    react(&env, &bob, 1, "3", "👩‍👩‍👧", true).await.unwrap();
    react(&env, &ada, 1, "4", "👍", false).await.unwrap();
    let message = history(&env, &ada, json!({})).await["events"][0].clone();
    assert_eq!(
        message["reactions"],
        json!([{ "emoji": "👍", "userIds": ["bob"] }, { "emoji": "👩‍👩‍👧", "userIds": ["bob"] }])
    );
    let emoji = |n: usize| char::from_u32(0x1F600 + n as u32).unwrap().to_string();
    for n in 0..EMOJI_PER_MESSAGE - 2 {
        react(&env, &ada, 1, &format!("many-{n}"), &emoji(n), true).await.unwrap();
    }
    let refused = react(&env, &ada, 1, "too-many", &emoji(EMOJI_PER_MESSAGE), true).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::TooManyReactions);
    react(&env, &ada, 1, "existing-emoji", "👍", true).await.unwrap();
}

#[tokio::test]
async fn emoji_that_look_alike_are_one_reaction_and_other_texts_are_refused() {
    let env = test_env().await;
    let (ada, bob) = room_with_two_messages(&env).await;
    react(&env, &ada, 1, "1", "❤", true).await.unwrap();
    react(&env, &bob, 1, "2", "❤\u{FE0F}", true).await.unwrap();
    react(&env, &ada, 1, "3", "👍\u{FE0E}", true).await.unwrap();
    react(&env, &ada, 1, "4", "👍\u{FE0F}", false).await.unwrap();
    for (n, text) in ["a", "1\u{301}", "🙂\u{301}", "👍👍", "\u{FE0F}", "🇽🇽"].into_iter().enumerate() {
        let refused = react(&env, &bob, 1, &format!("no-{n}"), text, true).await.unwrap_err();
        assert_eq!(
            (refused.code(), refused.public_message()),
            (ErrorCode::InvalidField, "emoji: must be one emoji".into())
        );
    }
    let events = history(&env, &ada, json!({})).await["events"].clone();
    assert_eq!(events[0]["reactions"], json!([{ "emoji": "❤\u{FE0F}", "userIds": ["ada", "bob"] }]));
    let emoji: Vec<_> = events.as_array().unwrap().iter().filter_map(|event| event["emoji"].as_str()).collect();
    assert_eq!(emoji, ["❤\u{FE0F}", "❤\u{FE0F}", "👍", "👍"]);
}

#[test]
fn reactions_in_older_rows_are_merged_and_can_be_removed() {
    let row = json!({
        "id": "1", "userId": "ada", "name": "Ada", "text": "hi", "at": NOON,
        "reactions": [
            { "emoji": "❤", "userIds": ["ada", "bob"] },
            { "emoji": "1\u{301}", "userIds": ["ada"] },
            { "emoji": "❤\u{FE0F}", "userIds": ["bob", "eve"] },
        ],
    });
    let mut message: parlor_chat::store::MessageRow = serde_json::from_value(row).unwrap();
    let reactions = |message: &parlor_chat::store::MessageRow| serde_json::to_value(&message.reactions).unwrap();
    assert_eq!(
        reactions(&message),
        json!([
            { "emoji": "❤\u{FE0F}", "userIds": ["ada", "bob", "eve"] },
            { "emoji": "1\u{301}", "userIds": ["ada"] },
        ])
    );
    for emoji in ["❤", "1\u{301}"] {
        let react = json!({ "action": "react", "room": "r", "seq": 1, "id": "1", "emoji": emoji, "on": false });
        let React { emoji, on, .. } = frame(&react.to_string());
        let mutation = change::Mutation::React { emoji: emoji.into(), on };
        message = mutation.apply(&message, "ada", (false, false), NOON).unwrap().unwrap();
    }
    assert_eq!(reactions(&message), json!([{ "emoji": "❤\u{FE0F}", "userIds": ["bob", "eve"] }]));
}

#[test]
fn the_number_of_reactions_to_a_message_is_limited() {
    let row = |text: &str| -> parlor_chat::store::MessageRow {
        serde_json::from_value(json!({ "id": "1", "userId": "ada", "name": "Ada", "text": text, "at": NOON })).unwrap()
    };
    let mutation = change::Mutation::React { emoji: "👍".into(), on: true };
    let mut message = row("hi");
    for n in 0..REACTIONS_PER_MESSAGE {
        message = mutation.apply(&message, &format!("user-{n}"), (false, false), NOON).unwrap().unwrap();
    }
    let refused = mutation.apply(&message, "one-more", (false, false), NOON).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::TooManyReactions);
    assert_eq!(
        mutation.apply(&message, "user-0", (false, false), NOON).unwrap(),
        None,
        "an existing reaction is no change"
    );
}
