//! Sending: a message is stored once, posted to everyone and acknowledged, however often it is repeated.

use parlor_chat::log::history::PageRange;
use parlor_chat::store::{Appended, Gate};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;

use crate::support::{HOUR, MINUTE, NOON, SECOND, frame, test_env};
use crate::{append, at, message, read, seqs};

#[tokio::test]
async fn a_message_is_stored_posted_to_everyone_and_acknowledged() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.joined("bob-1", "r", NOON).await;
    env.gateway.take("ada-1");
    env.gateway.take("bob-1");

    env.send(&ada, "r", "m1", NOON).await.unwrap();

    let bobs = env.gateway.take("bob-1");
    assert_eq!(bobs.len(), 1);
    assert_eq!(
        bobs[0],
        serde_json::json!({
            "type": "message", "room": "r", "epoch": "e1", "seq": 1, "id": "m1",
            "from": { "userId": "ada", "name": "ada" }, "text": "said m1", "at": NOON,
        })
    );
    let adas = env.gateway.take("ada-1");
    assert_eq!(adas[0], bobs[0]);
    assert_eq!(
        adas[1],
        serde_json::json!({ "type": "ack", "room": "r", "epoch": "e1", "id": "m1", "seq": 1, "at": NOON })
    );
    assert_eq!(seqs(&read(&env, PageRange::Newest, 50, NOON).await), [1]);
}

#[tokio::test]
async fn a_repeated_id_is_the_same_message_and_is_posted_again() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let bob = env.joined("bob-1", "r", NOON).await;
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    env.gateway.take("ada-1");
    env.gateway.take("bob-1");

    // From another connection of the same person.
    let ada_again = env.joined("ada-2", "r", NOON).await;
    env.gateway.take("bob-1");
    env.send(&ada_again, "r", "m1", NOON + SECOND).await.unwrap();

    let bobs = env.gateway.take("bob-1");
    assert_eq!((bobs[0]["seq"].as_u64(), bobs[0]["text"].as_str()), (Some(1), Some("said m1")));
    assert_eq!(bobs[0]["voids"], serde_json::json!([2]), "the number that the retry drew");
    let ack = env.gateway.take("ada-2").pop().unwrap();
    assert_eq!((ack["type"].as_str(), ack["seq"].as_u64()), (Some("ack"), Some(1)));

    // The number that the retry drew is void, so readers do not wait for it.
    let page = read(&env, PageRange::Newest, 50, NOON + SECOND).await;
    assert_eq!((page.seq, page.from, page.to, seqs(&page)), (2, 1, 2, vec![1]));

    // The same id from another person is another message.
    env.send(&bob, "r", "m1", NOON + SECOND).await.unwrap();
    assert_eq!(seqs(&read(&env, PageRange::Newest, 50, NOON + SECOND).await), [1, 3]);
}

#[tokio::test]
async fn an_id_can_be_reused_after_its_marker_has_expired() {
    let env = test_env().await;
    assert_eq!(append(&env, 1, message("m1", NOON), NOON).await, Appended::Stored);
    let just_before = NOON + 24 * HOUR - SECOND;
    assert_eq!(append(&env, 2, message("m1", NOON), just_before).await, Appended::Duplicate(1));
    let after = NOON + 24 * HOUR;
    assert_eq!(append(&env, 3, message("m1", NOON), after).await, Appended::Stored);
}

#[tokio::test]
async fn a_retried_append_whose_response_was_lost_is_a_duplicate() {
    let env = test_env().await;
    append(&env, 1, message("m1", NOON), NOON).await;
    assert_eq!(append(&env, 1, message("m1", NOON), NOON).await, Appended::Duplicate(1));
    assert!(!env.chat.log.void(at(1), NOON).await.unwrap(), "nothing voids it");
}

#[tokio::test]
async fn an_id_used_for_a_different_request_is_refused_and_its_number_is_voided() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    env.gateway.take("ada-1");
    let other = frame(r#"{"action":"send","room":"r","id":"m1","text":"other"}"#);
    let refused = env.chat.send(&ada, other, NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::IdReused);
    let voids = serde_json::json!({ "type": "voids", "room": "r", "epoch": "e1", "seqs": [2] });
    assert_eq!(env.gateway.take("ada-1"), [voids], "everyone is told of the number that this used up");
    let edit = frame(r#"{"action":"edit","room":"r","seq":1,"id":"m1","text":"better"}"#);
    let refused = env.chat.edit(&ada, edit, NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::IdReused);
    assert_eq!(seqs(&read(&env, PageRange::Newest, 50, NOON).await), [1]);
}

#[tokio::test]
async fn sending_needs_a_live_occupant_and_an_open_room() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let bob = env.connect("bob-1", NOON).await;
    let refused = |result: Result<_, parlor_chat::ChatError>| result.unwrap_err().code();

    assert_eq!(refused(env.send(&bob, "r", "m1", NOON).await), ErrorCode::NotJoined);
    assert_eq!(refused(env.join(&bob, "nowhere", NOON).await), ErrorCode::RoomNotFound);
    // Neither another person's connection nor one whose lease has ended counts as joined.
    assert_eq!(refused(env.send(&ada, "r", "m1", NOON + 5 * MINUTE).await), ErrorCode::NotJoined);
    let next_day = NOON + 24 * HOUR + MINUTE;
    let carol = env.connect("carol-1", next_day).await;
    assert_eq!(refused(env.join(&carol, "r", next_day).await), ErrorCode::RoomClosed);
    assert_eq!(
        refused(env.chat.rooms.next_seq("r", Gate::Unchecked, next_day).await.map(|_| Default::default())),
        ErrorCode::RoomClosed
    );
    assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap().seq, 0, "no number was drawn");
}

#[tokio::test]
async fn a_reaction_to_a_message_does_not_free_its_id_for_another_text() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    let react = frame(r#"{"action":"react","room":"r","seq":1,"id":"r1","emoji":"👍","on":true}"#);
    env.chat.react(&ada, react, NOON).await.unwrap();
    let other = frame(r#"{"action":"send","room":"r","id":"m1","text":"other"}"#);
    let refused = env.chat.send(&ada, other, NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::IdReused);
    env.send(&ada, "r", "m1", NOON).await.unwrap();
}
