//! What a room's owner decides about bots.

use super::*;

/// Returns the ids of the bots that the room has then.
async fn ids(setting: impl Future<Output = Result<RoomInfo, ChatError>>) -> Vec<String> {
    setting.await.unwrap().bots.into_iter().map(|bot| bot.user_id).collect()
}

#[tokio::test]
async fn everyone_in_the_room_learns_that_a_bot_was_added_and_removed() {
    let (env, _, _, room) = room_with_bot().await;
    assert_eq!(ids(set(&env.chat, "ada", &room, "concierge", false)).await, [""; 0]);
    assert_eq!(ids(set(&env.chat, "ada", &room, "concierge", true)).await, [CONCIERGE]);
    let bot = json!({ "userId": CONCIERGE, "name": "Concierge", "bot": true });
    for connection in ["ada-1", "bob-1"] {
        let notices = env.gateway.take(connection);
        let seen: Vec<_> = notices.iter().map(|notice| (&notice["kind"], &notice["people"][0])).collect();
        assert_eq!(seen, [(&json!("botRemoved"), &bot), (&json!("botAdded"), &bot)]);
    }
}

#[tokio::test]
async fn what_is_so_already_stores_nothing() {
    let (env, _, _, room) = room_with_bot().await;
    let seq = env.chat.rooms.open(&room, LATER).await.unwrap().seq;
    set(&env.chat, "ada", &room, "concierge", true).await.unwrap();
    set(&env.chat, "ada", &room, "absent", false).await.unwrap();
    assert_eq!(env.chat.rooms.open(&room, LATER).await.unwrap().seq, seq);
}

#[tokio::test]
async fn only_the_owner_decides_and_only_about_bots_of_the_stage() {
    let (env, _, _, room) = room_with_bot().await;
    for (by, room, name, refused) in [
        ("bob", room.as_str(), "concierge", ErrorCode::Forbidden),
        ("bob", room.as_str(), "absent", ErrorCode::Forbidden),
        ("ada", room.as_str(), "absent", ErrorCode::PersonNotFound),
        ("ada", "absent", "concierge", ErrorCode::RoomNotFound),
    ] {
        assert_eq!(code(set(&env.chat, by, room, name, true).await), refused, "{by}, {room}, {name}");
    }
    env.chat.close_room(&person("ada"), &room, tokio::time::Instant::now(), LATER).await.unwrap();
    assert_eq!(code(set(&env.chat, "ada", &room, "absent", true).await), ErrorCode::RoomClosed);
    let (_, direct) = direct_with_bot(&env).await;
    assert_eq!(code(set(&env.chat, "bob", &direct, "concierge", true).await), ErrorCode::RoomNotFound);
}

#[tokio::test]
async fn other_changes_of_a_room_leave_its_bots() {
    let (env, ada, _, room) = room_with_bot().await;
    let body = parse_body(r#"{"name":"Coffee","maxPeople":9}"#).unwrap();
    let changed = env.chat.update_room(&site(), &person("ada"), &room, &body, LATER).await.unwrap();
    assert_eq!(changed.bots.len(), 1);
    env.join(&ada, &room, LATER).await.unwrap();
    let joined = env.gateway.take("ada-1").pop().unwrap();
    assert_eq!(joined["bots"], json!([{ "userId": CONCIERGE, "name": "Concierge", "bot": true }]));
    let until = tokio::time::Instant::now();
    env.chat.clear_room(&person("ada"), &room, None, until, LATER).await.unwrap();
    assert_eq!(env.chat.rooms.open(&room, LATER).await.unwrap().settings.bots.len(), 1);
}

#[tokio::test]
async fn an_answer_that_draws_its_number_after_the_removal_is_not_stored() {
    let (env, ada, _, room) = room_with_bot().await;
    mention(&env.chat, &ada, &room, "1", &[CONCIERGE]).await.unwrap();
    let [question] = env.gateway.take_questions().try_into().unwrap();
    set(&env.chat, "ada", &room, "concierge", false).await.unwrap();
    answer(&env.chat, &question).await.unwrap();
    assert_eq!(said(&env, &room).await, []);
    env.gateway.take("bob-1");
    env.send(&ada, &room, "2", LATER).await.unwrap();
    let message = env.gateway.take("bob-1").pop().unwrap();
    // 4 is the number that the answer had drawn.
    assert_eq!(message["seq"], 5);
}
