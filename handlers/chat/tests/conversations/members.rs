//! Groups: who is added, removed and told.

use parlor_chat::log::history::PageRange;
use parlor_protocol::log::{LogEvent, NoticeKind};

use super::*;

fn names(conversation: &Conversation) -> Vec<&str> {
    conversation.members.iter().map(|member| member.person.name.as_str()).collect()
}

#[tokio::test]
async fn everyone_is_told_who_was_added_and_later_members_read_on_from_there() {
    let (env, [ada, _, _]) = connected(["ada-1", "bob-1", "cat-1"]).await;
    let room = group(&env, "ada", &["bob"]).await;
    env.send(&ada, &room, "1", NOON).await.unwrap();
    env.gateway.take_types("ada-1");
    env.gateway.take_types("bob-1");
    let after = add(&env.chat, "bob", &room, &["cat"], NOON).await.unwrap();
    assert_eq!(names(&after), ["bob", "ada", "cat"]);
    for connection in ["ada-1", "bob-1", "cat-1"] {
        assert_eq!(env.gateway.take_types(connection), ["notice"], "{connection}");
    }
    let page = env.chat.list_conversation_messages("cat", &room, PageRange::After(0), 50, NOON).await.unwrap();
    assert_eq!((page.first, page.from, page.to), (Some(3), 3, 3));
    assert!(matches!(&page.events[..], [LogEvent::Notice(notice)] if notice.kind == NoticeKind::Added));
    let before = env.chat.list_conversation_messages("cat", &room, PageRange::Before(3), 50, NOON).await.unwrap();
    assert!(before.events.is_empty());
}

#[tokio::test]
async fn in_a_group_that_shows_all_its_history_new_members_read_everything() {
    let (env, [ada, _, _]) = connected(["ada-1", "bob-1", "cat-1"]).await;
    let body = json!({ "title": "Tea", "members": ["bob"], "history": "all" });
    let room = create(&env.chat, "ada", body).await.unwrap().room;
    env.send(&ada, &room, "1", NOON).await.unwrap();
    add(&env.chat, "ada", &room, &["cat"], NOON).await.unwrap();
    let page = env.chat.list_conversation_messages("cat", &room, PageRange::After(0), 50, NOON).await.unwrap();
    assert_eq!((page.first, page.events.len()), (None, 3));
}

#[tokio::test]
async fn a_change_of_an_earlier_message_does_not_show_it_to_later_members() {
    let (env, [ada, _, cat]) = connected(["ada-1", "bob-1", "cat-1"]).await;
    let room = group(&env, "ada", &["bob"]).await;
    env.send(&ada, &room, "1", NOON).await.unwrap();
    add(&env.chat, "ada", &room, &["cat"], NOON).await.unwrap();
    for connection in ["ada-1", "bob-1", "cat-1"] {
        env.gateway.take(connection);
    }
    let edit = format!(r#"{{"action":"edit","room":"{room}","seq":2,"id":"e","text":"secret"}}"#);
    env.chat.edit(&ada, frame(&edit), NOON).await.unwrap();
    let posted = |connection| json!(env.gateway.take(connection)).to_string();
    assert!(posted("bob-1").contains("secret"));
    let to_cat = posted("cat-1");
    assert!(to_cat.contains("edited") && !to_cat.contains("secret"), "{to_cat}");
    let page = env.chat.list_conversation_messages("cat", &room, PageRange::After(0), 50, NOON).await.unwrap();
    assert!(!json!(page).to_string().contains("secret"));
    let react = format!(r#"{{"action":"react","room":"{room}","seq":2,"id":"r","emoji":"👍","on":true}}"#);
    assert_eq!(code(env.chat.react(&cat, frame(&react), NOON).await), Some(ErrorCode::MessageNotFound));
}

#[tokio::test]
async fn who_is_removed_is_told_and_receives_nothing_more() {
    let (env, [ada, bob, _]) = connected(["ada-1", "bob-1", "cat-1"]).await;
    let room = group(&env, "ada", &["bob", "cat"]).await;
    for connection in ["ada-1", "bob-1", "cat-1"] {
        env.gateway.take(connection);
    }
    let not_owner = env.chat.remove_member(&person("cat"), &room, "bob", NOON).await;
    assert_eq!(code(not_owner), Some(ErrorCode::Forbidden));
    env.chat.remove_member(&person("ada"), &room, "bob", NOON).await.unwrap();
    env.chat.remove_member(&person("ada"), &room, "bob", NOON).await.unwrap();
    env.send(&ada, &room, "1", NOON).await.unwrap();
    let bobs = env.gateway.take_types("bob-1");
    assert!(!bobs.is_empty() && bobs.iter().all(|frame| frame == "left"), "{bobs:?}");
    assert_eq!(env.gateway.take_types("cat-1"), ["notice", "message"]);
    assert_eq!(code(env.send(&bob, &room, "2", NOON).await), Some(ErrorCode::RoomNotFound));
    assert!(list(&env, "bob").await.conversations.is_empty());
    // A notice that is repeated does not reach them either.
    add(&env.chat, "ada", &room, &["cat"], NOON).await.unwrap();
    assert_eq!(env.gateway.take_types("bob-1"), [""; 0]);
    add(&env.chat, "cat", &room, &["bob"], NOON).await.unwrap();
    env.send(&bob, &room, "3", NOON).await.unwrap();
}

#[tokio::test]
async fn when_the_owner_leaves_whoever_was_added_first_owns_the_group_and_the_last_one_ends_it() {
    let (env, _) = connected(["ada-1", "bob-1", "cat-1"]).await;
    let room = group(&env, "ada", &["bob"]).await;
    add(&env.chat, "ada", &room, &["cat"], NOON + 1).await.unwrap();
    env.chat.remove_member(&person("ada"), &room, "ada", NOON).await.unwrap();
    env.chat.remove_member(&person("ada"), &room, "ada", NOON).await.unwrap();
    env.chat.remove_member(&person("bob"), &room, "cat", NOON).await.unwrap();
    env.chat.remove_member(&person("bob"), &room, "bob", NOON).await.unwrap();
    assert_eq!(code(env.chat.describe_conversation("bob", &room, NOON).await), Some(ErrorCode::RoomNotFound));
    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    let later = NOON + 10 * support::MINUTE;
    assert_eq!(env.chat.sweeper().end_rooms(until, later).await.unwrap().ended, 1);
    assert_eq!(env.chat.sweeper().delete_rooms(until, later).await.unwrap().deleted, 1);
    assert!(env.chat.members.roster(&room).await.unwrap().0.is_empty());
}

#[tokio::test]
async fn a_group_holds_a_hundred_people_and_not_one_more() {
    let env = test_env().await;
    let ids: Vec<_> = (0..101).map(|n| format!("p{n}")).collect();
    for id in &ids {
        env.connect(&format!("{id}-1"), NOON).await;
    }
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let room = group(&env, "p0", &ids[1..100]).await;
    // Each person added counts against a rate.
    assert_eq!(code(add(&env.chat, "p0", &room, &ids[100..], NOON).await), Some(ErrorCode::RateLimited));
    let later = NOON + support::HOUR;
    assert_eq!(code(add(&env.chat, "p0", &room, &ids[100..], later).await), Some(ErrorCode::TooManyMembers));
    let described = env.chat.describe_conversation("p7", &room, NOON).await.unwrap();
    assert_eq!((described.members.len(), described.seq), (100, 3));
    let body = parse_body(&json!({ "title": "Big", "members": ids }).to_string()).unwrap();
    let too_big = env.chat.create_conversation(&person("p0"), body, later + support::HOUR).await;
    assert_eq!(code(too_big), Some(ErrorCode::TooManyMembers));
}

#[tokio::test]
async fn a_person_has_thirty_connections_and_a_guest_without_a_token_as_many_as_people() {
    let env = test_env().await;
    let signed_in = |n: usize| parlor_chat::Caller {
        kind: Some(parlor_chat::people::identity::IdentityKind::SignedIn),
        ..support::caller(format!("ada-{n}"), "ada", "Ada")
    };
    for n in 0..30 {
        env.chat.connect(&signed_in(n), NOON).await.unwrap();
    }
    assert_eq!(code(env.chat.connect(&signed_in(30), NOON).await), Some(ErrorCode::TooManyConnections));
    env.chat.disconnect("ada-3", NOON).await.unwrap();
    env.chat.connect(&signed_in(31), NOON).await.unwrap();

    for n in [5, 7] {
        env.gateway.end(&format!("ada-{n}"));
    }
    assert_eq!(
        code(env.chat.connect(&signed_in(32), NOON).await),
        Some(ErrorCode::TooManyConnections),
        "posts to a connection that is opening fail as if it were gone"
    );
    for n in [33, 34] {
        env.chat.connect(&signed_in(n), NOON + support::MINUTE).await.unwrap();
    }
    assert_eq!(env.chat.connections.of_person("ada").await.unwrap().len(), 30, "those that were gone are removed");
    assert_eq!(
        code(env.chat.connect(&signed_in(35), NOON + support::MINUTE).await),
        Some(ErrorCode::TooManyConnections)
    );
}

#[tokio::test]
async fn a_retry_with_the_same_id_gets_the_group_as_it_is_now_and_ids_are_each_persons_own() {
    let (env, _) = connected(["ada-1", "bob-1", "cat-1"]).await;
    let body = || json!({ "title": "Tea", "members": ["bob", "cat"], "id": "1" });
    let room = create(&env.chat, "ada", body()).await.unwrap().room;
    env.chat.remove_member(&person("ada"), &room, "cat", NOON).await.unwrap();
    let again = create(&env.chat, "ada", body()).await.unwrap();
    assert_eq!((again.room, again.members.len()), (room.clone(), 2));
    let of_bob = create(&env.chat, "bob", json!({ "title": "Tea", "members": ["ada"], "id": "1" })).await.unwrap();
    assert_ne!(of_bob.room, room);
    let direct = create(&env.chat, "ada", json!({ "with": "bob", "id": "1" })).await;
    assert_eq!(code(direct), Some(ErrorCode::InvalidField));
}

#[tokio::test]
async fn a_retry_finds_members_who_have_gone_offline_since_and_nobody_else() {
    let (env, _) = connected(["ada-1", "bob-1", "cat-1", "dan-1"]).await;
    let body = || json!({ "title": "Tea", "members": ["bob"], "id": "1" });
    let room = create(&env.chat, "ada", body()).await.unwrap().room;
    add(&env.chat, "ada", &room, &["cat"], NOON).await.unwrap();
    for connection in ["bob-1", "cat-1", "dan-1"] {
        env.chat.disconnect(connection, NOON).await.unwrap();
    }
    assert_eq!(create(&env.chat, "ada", body()).await.unwrap().room, room);
    assert_eq!(add(&env.chat, "ada", &room, &["bob", "cat"], NOON).await.unwrap().seq, 2);
    assert_eq!(code(add(&env.chat, "ada", &room, &["dan"], NOON).await), Some(ErrorCode::PersonNotFound));
}
