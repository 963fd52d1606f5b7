//! The largest frames that the limits allow still fit into a post.

use parlor_chat::store::{Gate, MessageRow};
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::{
    EMOJI_PER_MESSAGE, FRAME_BYTES, MENTIONS, PEOPLE_LISTED, POST_BYTES, QUICK_REPLIES, QUICK_REPLY_CHARACTERS,
    REACTIONS_PER_MESSAGE,
};
use parlor_protocol::log::{QuickReply, Reaction};
use parlor_protocol::text::UserId;
use parlor_protocol::{Millis, Seq};
use serde::Serialize;
use serde_json::json;

use crate::support::{NOON, caller, frame, test_env};
use crate::{append, message};

/// Returns an id of 16 characters, like all user ids.
fn user_id(n: usize) -> String {
    format!("user{n:012}")
}

/// Returns the longest mentions that the limits allow.
fn mentions() -> Vec<String> {
    (0..MENTIONS).map(|n| format!("{}{n:02}", "\u{1F600}".repeat(UserId::MAX - 2))).collect()
}

/// Returns as much text as fits into a frame next to these bytes.
fn text_beside(bytes: usize) -> String {
    "\u{1F601}".repeat((FRAME_BYTES - bytes) / 4)
}

/// Returns the longest message that the limits allow, with the most reactions. Its text and mentions came in one frame.
fn longest(at: Millis) -> MessageRow {
    let users = REACTIONS_PER_MESSAGE / EMOJI_PER_MESSAGE;
    let reactions = (0..EMOJI_PER_MESSAGE).map(|n| Reaction {
        emoji: format!("{}{n:02}", "\u{1F600}".repeat(16)),
        user_ids: (0..users).map(user_id).collect(),
    });
    let longest = "\u{1F600}".repeat(QUICK_REPLY_CHARACTERS);
    let quick_reply = QuickReply { text: longest.clone(), value: longest };
    MessageRow {
        id: "\u{1F600}".repeat(64),
        user_id: user_id(0),
        name: "\u{1F600}".repeat(32),
        text: text_beside(bytes(&mentions())),
        mentions: mentions(),
        mentions_room: true,
        quick_replies: vec![quick_reply; QUICK_REPLIES],
        reply_to: Some(Seq::from(u32::MAX)),
        edited_at: Some(at),
        version: None,
        reactions: reactions.collect(),
        ..message("m", at)
    }
}

fn bytes(frame: &impl Serialize) -> usize {
    serde_json::to_vec(frame).unwrap().len()
}

#[tokio::test]
async fn no_frame_exceeds_the_documented_size_and_the_rest_of_a_join_follows_by_history() {
    let env = test_env().await;
    env.room_of(&user_id(0), "r", Visibility::Unlisted, NOON).await;
    let name = "\u{1F600}".repeat(32);
    for n in 0..PEOPLE_LISTED - 1 {
        let caller = caller(format!("c{n}"), user_id(n), name.clone());
        env.chat.connections.open(&caller, NOON).await.unwrap();
        env.enter(&caller, &name, "r", NOON).await.unwrap();
    }
    for n in 1..=3 {
        env.chat.rooms.next_seq("r", Gate::Unchecked, NOON).await.unwrap();
        append(&env, n, MessageRow { id: format!("m{n}"), ..longest(NOON) }, NOON).await;
    }
    let room = format!(r#""room":"r","id":"{}""#, "\u{1F600}".repeat(64));
    let author = caller("c0", user_id(0), name.clone());
    let mentions = json!(mentions());
    let edit = |text: &str| {
        format!(r#"{{"action":"edit",{room},"seq":1,"mentionsRoom":true,"mentions":{mentions},"text":"{text}"}}"#)
    };
    let edit = edit(&text_beside(edit("").len()));
    env.chat.edit(&author, frame(&edit), NOON).await.unwrap();
    let change = env.gateway.take("c0").into_iter().find(|frame| frame["type"] == "change").unwrap();
    assert!(bytes(&change) <= POST_BYTES, "{}", bytes(&change));

    let ada = env.connect("ada-1", NOON).await;
    for (since, recovered) in [("", false), (r#","since":{"epoch":"e1","seq":0}"#, true)] {
        let join = frame(&format!(r#"{{"action":"join",{room}{since}}}"#));
        env.chat.join(&ada, join, NOON).await.unwrap();
        let joined = env.gateway.take("ada-1").remove(0);
        assert_eq!((&joined["type"], &joined["recovered"]), (&"joined".into(), &recovered.into()));
        assert!(bytes(&joined) <= POST_BYTES, "{}", bytes(&joined));
        let mut from = joined["from"].as_u64().unwrap();
        let mut to = joined["to"].as_u64().unwrap();
        assert_eq!(
            (from, to),
            if recovered { (1, 0) } else { (4, 4) },
            "the events that fit next to the list of people"
        );
        while to < 4 {
            let history = format!(r#"{{"action":"history",{room},"after":{to}}}"#);
            env.chat.history(&ada, frame(&history), NOON).await.unwrap();
            let page = env.gateway.take("ada-1").remove(0);
            assert!(bytes(&page) <= POST_BYTES, "{}", bytes(&page));
            (from, to) = (page["from"].as_u64().unwrap(), page["to"].as_u64().unwrap());
            assert_eq!(page["events"].as_array().unwrap().len() as u64, to + 1 - from);
            assert!(from <= to, "each page covers at least one number");
        }
    }
}
