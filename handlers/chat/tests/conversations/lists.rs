//! The list of a person's conversations, and read markers.

use parlor_protocol::person::digest;

use super::*;

#[tokio::test]
async fn the_list_shows_the_newest_message_first_and_counts_what_is_unread() {
    let (env, [ada, bob, cat]) = connected(["ada-1", "bob-1", "cat-1"]).await;
    let with_bob = direct(&env, "ada", "bob").await;
    let with_cat = direct(&env, "ada", "cat").await;
    direct(&env, "bob", "cat").await;
    for id in ["1", "2", "3"] {
        env.send(&bob, &with_bob, id, NOON).await.unwrap();
    }
    env.send(&cat, &with_cat, "1", NOON + 1).await.unwrap();
    env.send(&ada, &with_bob, "4", NOON + 2).await.unwrap();
    let listed = list(&env, "ada").await.conversations;
    let rows: Vec<_> =
        listed.iter().map(|one| (one.room.as_str(), one.unread, one.latest.as_ref().unwrap().text.as_str())).collect();
    assert_eq!(rows, [(with_bob.as_str(), 3, "said 4"), (with_cat.as_str(), 1, "said 1")]);
    // Nothing was sent between Bob and Cat.
    assert_eq!(list(&env, "bob").await.conversations.len(), 1);
    let read = format!(r#"{{"action":"read","room":"{with_bob}","seq":2}}"#);
    env.chat.read(&ada, frame(&read), NOON).await.unwrap();
    assert_eq!(list(&env, "ada").await.conversations[0].unread, 1);
    let page = env.chat.list_conversations("ada", None, Some(1), false, NOON).await.unwrap();
    let next = env.chat.list_conversations("ada", page.cursor.as_deref(), Some(1), false, NOON).await.unwrap();
    assert_eq!((next.conversations[0].room.as_str(), next.cursor), (with_cat.as_str(), None));
    let unread = env.chat.list_conversations("bob", None, None, true, NOON).await.unwrap().conversations;
    assert_eq!(unread[0].unread, 1);
}

#[tokio::test]
async fn a_marker_moves_forward_only_unless_one_marks_as_unread() {
    let (env, [ada, bob]) = connected(["ada-1", "bob-1"]).await;
    let room = direct(&env, "ada", "bob").await;
    for id in ["1", "2", "3"] {
        env.send(&ada, &room, id, NOON).await.unwrap();
    }
    let read = async |seq: u64, more: &str| {
        let frame = frame(&format!(r#"{{"action":"read","room":"{room}","seq":{seq}{more}}}"#));
        env.chat.read(&bob, frame, NOON).await.unwrap();
        env.chat.describe_conversation("bob", &room, NOON).await.unwrap().read
    };
    assert_eq!(read(2, "").await, 2);
    assert_eq!(read(1, "").await, 2);
    assert_eq!(read(99, "").await, 3);
    assert_eq!(read(2, r#","private":true"#).await, 3);
    env.gateway.take("bob-1");
    assert_eq!(read(1, "").await, 3);
    assert_eq!(env.gateway.take("bob-1").pop().unwrap()["seq"], 3);
    assert_eq!(read(2, r#","unread":true"#).await, 1);
}

#[tokio::test]
async fn the_readers_other_tabs_and_the_other_member_learn_of_it_unless_it_is_private() {
    let (env, [_, bob, _]) = connected(["ada-1", "bob-1", "bob-2"]).await;
    let room = direct(&env, "ada", "bob").await;
    let read = async |more: &str| {
        for connection in ["ada-1", "bob-1", "bob-2"] {
            env.gateway.take(connection);
        }
        let frame = frame(&format!(r#"{{"action":"read","room":"{room}"{more}}}"#));
        env.chat.read(&bob, frame, NOON).await.unwrap();
        ["ada-1", "bob-1", "bob-2"].map(|connection| env.gateway.take_types(connection).len())
    };
    env.send(&bob, &room, "1", NOON).await.unwrap();
    env.send(&bob, &room, "2", NOON).await.unwrap();
    assert_eq!(read(r#","seq":1"#).await, [1, 1, 1]);
    assert_eq!(read(r#","seq":1"#).await, [0, 1, 0]);
    assert_eq!(read(r#","seq":2,"private":true"#).await, [0, 1, 1]);
    let seen = |conversation: Conversation| conversation.members[1].read;
    assert_eq!(seen(env.chat.describe_conversation("ada", &room, NOON).await.unwrap()), None);
}

#[tokio::test]
async fn a_connection_receives_conversations_as_long_as_it_can_last_without_pings() {
    let (env, [ada, _]) = connected(["ada-1", "bob-1"]).await;
    let room = direct(&env, "ada", "bob").await;
    env.send(&ada, &room, "1", NOON + 119 * support::MINUTE).await.unwrap();
    assert_eq!(env.gateway.take_types("bob-1"), ["message"]);
    env.send(&ada, &room, "2", NOON + 130 * support::MINUTE).await.unwrap();
    assert_eq!(env.gateway.take_types("bob-1"), [""; 0]);
}

#[tokio::test]
async fn an_open_conversation_is_in_the_pong_until_one_is_no_longer_a_member() {
    let (env, [_, bob]) = connected(["ada-1", "bob-1"]).await;
    let room = group(&env, "ada", &["bob"]).await;
    env.join(&bob, &room, NOON).await.unwrap();
    let pong = async |now| {
        env.gateway.take("bob-1");
        env.chat.ping(&bob, frame(r#"{"action":"ping"}"#), now).await.unwrap();
        env.gateway.take("bob-1").pop().unwrap()["rooms"][&room]["seq"].as_u64()
    };
    assert_eq!(pong(NOON).await, Some(1));
    env.chat.remove_member(&person("ada"), &room, "bob", NOON).await.unwrap();
    assert_eq!(pong(NOON).await, None);
    assert!(env.chat.connections.connection("bob-1").await.unwrap().rooms.is_empty());
}

#[tokio::test]
async fn the_pong_compares_who_is_connected_in_a_conversation_of_at_most_twenty_members() {
    let ids: Vec<_> = (0..21).map(|n| format!("p{n}-1")).collect();
    let env = support::test_env().await;
    for id in &ids {
        env.connect(id, NOON).await;
    }
    let members: Vec<_> = ids.iter().map(|id| id.trim_end_matches("-1")).collect();
    let (room, me) = (group(&env, "p0", &members[1..20]).await, support::caller("p0-1", "p0", "p0"));
    env.join(&me, &room, NOON).await.unwrap();
    let pong = async || {
        env.gateway.take("p0-1");
        env.chat.ping(&me, frame(r#"{"action":"ping"}"#), NOON).await.unwrap();
        env.gateway.take("p0-1").pop().unwrap()["rooms"][&room].clone()
    };
    let all: Vec<_> = members[..20].iter().map(|&id| person(id)).collect();
    let before = pong().await;
    assert_eq!((&before["count"], &before["people"]), (&json!(20), &json!(digest(&all))));
    env.chat.disconnect("p7-1", NOON).await.unwrap();
    let others = digest(all.iter().filter(|person| person.user_id != "p7"));
    assert_eq!(pong().await["people"], json!(others));
    add(&env.chat, "p0", &room, &["p20"], NOON + support::HOUR).await.unwrap();
    assert_eq!(pong().await["count"], Value::Null);
}

#[tokio::test]
async fn unread_messages_that_mention_one_are_counted() {
    let (env, [ada, _]) = connected(["ada-1", "bob-1"]).await;
    let room = group(&env, "ada", &["bob"]).await;
    for (id, more) in [("1", r#","mentions":["bob"]"#), ("2", ""), ("3", r#","mentionsRoom":true"#)] {
        let send = format!(r#"{{"action":"send","room":"{room}","id":"{id}","text":"x"{more}}}"#);
        env.chat.send(&ada, frame(&send), NOON).await.unwrap();
    }
    let listed = &list(&env, "bob").await.conversations[0];
    assert_eq!((listed.unread, listed.mentions), (3, 2));
}

#[tokio::test]
async fn a_connection_that_is_gone_is_removed_unless_it_may_still_be_opening() {
    let (env, [ada, _]) = connected(["ada-1", "bob-1"]).await;
    let room = direct(&env, "ada", "bob").await;
    env.gateway.end("bob-1");
    let known = async || env.chat.connections.of_person("bob").await.unwrap().len();
    env.send(&ada, &room, "1", NOON + 29 * support::SECOND).await.unwrap();
    assert_eq!(known().await, 1);
    env.send(&ada, &room, "2", NOON + 31 * support::SECOND).await.unwrap();
    assert_eq!(known().await, 0);
}
