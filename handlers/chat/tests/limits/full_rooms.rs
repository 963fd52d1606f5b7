//! How many connections fit into a room.

use futures_util::future::join_all;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::CONNECTIONS_PER_ROOM;
use serde_json::{Value, json};

use crate::act;
use crate::support::{MINUTE, NOON, frame, test_env};

#[tokio::test]
async fn a_full_room_refuses_new_connections_and_never_one_that_has_joined() {
    let env = test_env().await;
    env.room("r", Visibility::Public, NOON).await;
    env.fill("r", CONNECTIONS_PER_ROOM - 2, NOON).await;
    let late = env.connect("late-1", NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let bob = env.joined("bob-1", "r", NOON).await;
    env.gateway.take("ada-1");

    let refused = env.join(&late, "r", NOON).await.unwrap_err();
    assert_eq!((refused.code(), refused.code().retryable()), (ErrorCode::RoomFull, true));
    assert_eq!(env.gateway.take("late-1"), [] as [Value; 0]);
    assert_eq!(env.gateway.take("ada-1"), [] as [Value; 0], "a refused join is not announced");
    assert_eq!(env.chat.connections.in_room("r").await.unwrap().len(), CONNECTIONS_PER_ROOM);
    assert_eq!(act(&env.chat, &late, "history", "r", NOON).await.unwrap_err().code(), ErrorCode::NotJoined);
    let rooms = env.chat.connections.connection("late-1").await.unwrap().rooms;
    assert!(rooms.is_empty(), "a refused join leaves no room on the connection: {rooms:?}");

    // While another join is being refused.
    env.enter(&late, "late", "r", NOON).await.unwrap();
    env.join(&ada, "r", NOON).await.unwrap();
    let renamed = frame(r#"{"action":"join","room":"r","name":"Countess"}"#);
    env.chat.join(&ada, renamed, NOON).await.unwrap();
    env.chat.connections.exit("late-1", "r").await.unwrap();
    env.gateway.take("late-1");

    env.chat.disconnect(&bob.connection_id, NOON).await.unwrap();
    env.join(&late, "r", NOON).await.unwrap();
    assert_eq!(env.gateway.take("late-1")[0]["count"], CONNECTIONS_PER_ROOM);
}

#[tokio::test]
async fn connections_whose_lease_has_ended_do_not_count_toward_the_limit() {
    let env = test_env().await;
    env.room("r", Visibility::Public, NOON).await;
    let ada = env.joined("ada-1", "r", NOON - 5 * MINUTE).await;
    let bob = env.joined("bob-1", "r", NOON - MINUTE).await;
    env.fill("r", CONNECTIONS_PER_ROOM - 1, NOON).await;
    env.gateway.take("bob-1");

    let refused = env.join(&ada, "r", NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::RoomFull, "a connection whose lease ended has lost its place");
    let departure = json!({ "type": "presence", "room": "r", "event": "left", "people": [{ "userId": "ada", "name": "ada" }], "count": CONNECTIONS_PER_ROOM });
    assert_eq!(env.gateway.take("bob-1"), [departure]);

    env.chat.disconnect(&bob.connection_id, NOON).await.unwrap();
    env.joined("carol-1", "r", NOON).await;
}

#[tokio::test]
async fn of_several_simultaneous_joins_for_the_last_place_at_most_one_succeeds() {
    let env = test_env().await;
    env.room("r", Visibility::Public, NOON).await;
    env.fill("r", CONNECTIONS_PER_ROOM - 1, NOON).await;
    let joined = join_all((0..8).map(|n| {
        let env = &env;
        async move { env.join(&env.connect(&format!("late{n}-1"), NOON).await, "r", NOON).await }
    }))
    .await;
    assert!(joined.iter().filter(|joined| joined.is_ok()).count() <= 1);
    let refused = joined.iter().filter_map(|joined| joined.as_ref().err());
    assert!(refused.clone().all(|error| error.code() == ErrorCode::RoomFull), "{:?}", refused.collect::<Vec<_>>());
    let there = env.chat.connections.in_room("r").await.unwrap().len();
    assert_eq!(there, CONNECTIONS_PER_ROOM - 1 + joined.iter().filter(|joined| joined.is_ok()).count());
}
