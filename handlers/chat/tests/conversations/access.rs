//! Only members read, write or learn of a conversation.

use parlor_chat::log::history::PageRange;

use super::*;

#[tokio::test]
async fn two_people_have_one_direct_conversation_whoever_begins() {
    let (env, [ada, bob]) = connected(["ada-1", "bob-1"]).await;
    let room = direct(&env, "ada", "bob").await;
    assert_eq!(direct(&env, "bob", "ada").await, room);
    env.send(&ada, &room, "1", NOON).await.unwrap();
    env.send(&bob, &room, "2", NOON).await.unwrap();
    assert_eq!(env.gateway.take_types("ada-1"), ["message", "ack", "message"]);
    assert_eq!(env.gateway.take_types("bob-1"), ["message", "message", "ack"]);
    assert_eq!(list(&env, "ada").await.conversations.len(), 1);
}

#[tokio::test]
async fn a_direct_conversation_is_found_also_while_the_other_is_offline() {
    let (env, _) = connected(["ada-1", "bob-1"]).await;
    let room = direct(&env, "ada", "bob").await;
    env.chat.disconnect("bob-1", NOON).await.unwrap();
    assert_eq!(direct(&env, "ada", "bob").await, room);
    assert_eq!(code(create(&env.chat, "eve", json!({ "with": "bob" })).await), Some(ErrorCode::PersonNotFound));
}

#[tokio::test]
async fn nobody_has_a_direct_conversation_with_themselves_or_with_nobody() {
    let (env, _) = connected(["ada-1"]).await;
    assert_eq!(code(create(&env.chat, "ada", json!({ "with": "ada" })).await), Some(ErrorCode::InvalidField));
    assert_eq!(code(create(&env.chat, "ada", json!({ "with": "zoe" })).await), Some(ErrorCode::PersonNotFound));
    for both in [json!({}), json!({ "with": "ada", "title": "Tea" }), json!({ "title": "Tea" })] {
        assert_eq!(code(create(&env.chat, "ada", both).await), Some(ErrorCode::InvalidField));
    }
}

#[tokio::test]
async fn for_everyone_else_a_conversation_does_not_exist() {
    let (env, [ada, _, eve]) = connected(["ada-1", "bob-1", "eve-1"]).await;
    let room = direct(&env, "ada", "bob").await;
    env.send(&ada, &room, "1", NOON).await.unwrap();
    let not_found = Some(ErrorCode::RoomNotFound);
    for room in [room.as_str(), "c-nothing", "nothing"] {
        let on = |action: &str, more: &str| format!(r#"{{"action":"{action}","room":"{room}"{more}}}"#);
        let refused = [
            code(env.chat.join(&eve, frame(&on("join", "")), NOON).await),
            code(env.chat.describe_conversation("eve", room, NOON).await),
            code(env.chat.list_conversation_messages("eve", room, PageRange::Newest, 50, NOON).await),
            code(env.chat.read(&eve, frame(&on("read", r#","seq":1"#)), NOON).await),
            code(add(&env.chat, "eve", room, &["eve"], NOON).await),
            code(env.chat.remove_member(&person("eve"), room, "bob", NOON).await),
            code(env.chat.remove_member(&person("eve"), room, "eve", NOON).await),
        ];
        assert_eq!(refused, [not_found; 7], "{room}");
        if room.starts_with("c-") {
            let refused = [
                code(env.send(&eve, room, "e", NOON).await),
                code(env.chat.edit(&eve, frame(&on("edit", r#","seq":1,"id":"e","text":"x""#)), NOON).await),
                code(env.chat.delete(&eve, frame(&on("delete", r#","seq":1,"id":"e""#)), NOON).await),
                code(
                    env.chat
                        .react(&eve, frame(&on("react", r#","seq":1,"id":"e","emoji":"👍","on":true"#)), NOON)
                        .await,
                ),
                code(env.chat.history(&eve, frame(&on("history", "")), NOON).await),
                code(env.chat.typing(&eve, frame(&on("typing", "")), NOON).await),
            ];
            assert_eq!(refused, [not_found; 6], "{room}");
        }
    }
    assert_eq!(env.gateway.take_types("eve-1"), [""; 0]);
}

#[tokio::test]
async fn the_routes_of_rooms_do_not_know_conversations_even_for_members() {
    let (env, _) = connected(["ada-1", "bob-1"]).await;
    let room = group(&env, "ada", &["bob"]).await;
    let not_found = Some(ErrorCode::RoomNotFound);
    let ada = person("ada");
    assert_eq!(code(env.chat.describe_room(&support::site(), &room, None, None, NOON).await), not_found);
    assert_eq!(code(env.chat.list_messages(&room, PageRange::Newest, 50, None, None, NOON).await), not_found);
    let until = tokio::time::Instant::now();
    assert_eq!(code(env.chat.close_room(&ada, &room, until, NOON).await), not_found);
    assert_eq!(code(env.chat.clear_room(&ada, &room, None, until, NOON).await), not_found);
    let update = parse_body(r#"{"name":"x"}"#).unwrap();
    assert_eq!(code(env.chat.update_room(&support::site(), &ada, &room, &update, NOON).await), not_found);
}

#[tokio::test]
async fn who_is_blocked_can_read_but_not_write() {
    let (env, [ada, bob]) = connected(["ada-1", "bob-1"]).await;
    let room = direct(&env, "ada", "bob").await;
    env.send(&bob, &room, "1", NOON).await.unwrap();
    env.chat.block(&person("ada"), &"bob".to_owned().try_into().unwrap(), NOON).await.unwrap();
    assert_eq!(env.chat.blocked("ada").await.unwrap(), ["bob"]);
    assert!(list(&env, "ada").await.conversations[0].blocked);
    assert_eq!(code(env.send(&bob, &room, "2", NOON).await), Some(ErrorCode::Blocked));
    assert_eq!(code(env.send(&ada, &room, "3", NOON).await), None);
    assert!(env.chat.list_conversation_messages("bob", &room, PageRange::Newest, 50, NOON).await.is_ok());
    // Nor put her into a group.
    let group = create(&env.chat, "bob", json!({ "title": "Tea", "members": ["ada"] })).await;
    assert_eq!(code(group), Some(ErrorCode::Blocked));
    env.chat.unblock(&person("ada"), "bob").await.unwrap();
    assert_eq!(code(env.send(&bob, &room, "2", NOON).await), None);
    assert_eq!(env.chat.blocked("ada").await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn a_connection_that_takes_no_posts_is_removed_unless_it_may_still_be_opening() {
    let (env, [ada, _]) = connected(["ada-1", "bob-1"]).await;
    let room = direct(&env, "ada", "bob").await;
    env.gateway.end("bob-1");
    for (seconds, left) in [(0, 1), (29, 1), (31, 0)] {
        env.send(&ada, &room, &seconds.to_string(), NOON + seconds * support::SECOND).await.unwrap();
        assert_eq!(env.chat.connections.of_person("bob").await.unwrap().len(), left, "after {seconds} seconds");
    }
}

#[tokio::test]
async fn a_conversation_outlives_any_silence() {
    let (env, [ada, _]) = connected(["ada-1", "bob-1"]).await;
    let room = direct(&env, "ada", "bob").await;
    env.send(&ada, &room, "1", NOON).await.unwrap();
    let later = NOON + 400 * 24 * support::HOUR;
    let ada = env.connect("ada-2", later).await;
    env.send(&ada, &room, "2", later).await.unwrap();
    assert_eq!(env.chat.describe_conversation("bob", &room, later).await.unwrap().seq, 2);
}

#[tokio::test]
async fn people_without_tokens_write_to_each_other_by_handle() {
    let (env, [ada, bob]) = connected(["ada-1", "bob-1"]).await;
    for (caller, handle) in [(&ada, "ada"), (&bob, "bob")] {
        let register = format!(r#"{{"action":"register","handle":"{handle}"}}"#);
        env.chat.register(caller, frame(&register), NOON).await.unwrap();
        env.gateway.take(&caller.connection_id);
    }
    let send = async |by: &Caller, to: &str| {
        let send = format!(r#"{{"action":"send","to":"{to}","id":"1","text":"Hi"}}"#);
        env.chat.send(by, frame(&send), NOON).await
    };
    send(&bob, "@ada").await.unwrap();
    let received = env.gateway.take("ada-1").pop().unwrap();
    assert_eq!((&received["type"], &received["from"]["userId"]), (&json!("message"), &json!("bob")));
    send(&ada, "Bob").await.unwrap();
    let reply = env.gateway.take("bob-1").pop().unwrap();
    assert_eq!(reply["room"], received["room"]);
    // A retry by handle is the same message.
    send(&ada, "@bob").await.unwrap();
    assert_eq!(list(&env, "ada").await.conversations[0].seq, 3);
    assert_eq!(code(send(&ada, "@ada").await), Some(ErrorCode::InvalidField));
    assert_eq!(code(send(&ada, "@eve").await), Some(ErrorCode::PersonNotFound));
    let both = r#"{"action":"send","to":"@bob","room":"r","id":"1","text":"Hi"}"#;
    assert_eq!(code(env.chat.send(&ada, frame(both), NOON).await), Some(ErrorCode::InvalidField));
    assert!(create(&env.chat, "ada", json!({ "with": "@bob" })).await.is_ok());
}
