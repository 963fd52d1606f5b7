//! What a pong says about the rooms of a connection and the people in them.

use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::PRESENCE_CHECK_CONNECTIONS;
use serde_json::json;
use tokio::time::Instant;

use crate::support::{MINUTE, NOON, caller, frame, person, test_env};
use crate::{pinged, state};

#[tokio::test]
async fn a_pong_lists_the_rooms_of_the_connection_and_no_others() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.room("closed", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.join(&ada, "closed", NOON).await.unwrap();
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    assert_eq!(pinged(&env, &ada, NOON).await, json!({ "closed": state(0, &["ada"]), "r": state(1, &["ada"]) }));

    env.chat.close_room(&person("ada"), "closed", Instant::now(), NOON).await.unwrap();
    assert_eq!(pinged(&env, &ada, NOON).await, json!({ "r": state(1, &["ada"]) }));
    // A ping does not revive a lease that has ended: the client joins again, which is announced.
    assert_eq!(pinged(&env, &ada, NOON + 5 * MINUTE).await, json!({}), "the lease has ended");

    let unknown = caller("ghost-1", "ghost", "Ghost");
    let refused = env.chat.ping(&unknown, frame(r#"{"action":"ping"}"#), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ConnectionExpired);
    let refused = env.join(&unknown, "r", NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ConnectionExpired, "a connection that has ended cannot join");
}

#[tokio::test]
async fn a_pong_states_who_is_in_a_room_so_that_a_lost_post_is_noticed() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let bob = env.joined("bob-1", "r", NOON).await;
    assert_eq!(pinged(&env, &bob, NOON).await["r"], state(0, &["bob"]));
    // Ada enters without an announcement.
    let ada = env.connect("ada-1", NOON).await;
    env.enter(&ada, "ada", "r", NOON).await.unwrap();
    assert_eq!(pinged(&env, &bob, NOON).await["r"], state(0, &["ada", "bob"]));
    let tab = env.connect("ada-2", NOON).await;
    env.enter(&tab, "ada", "r", NOON).await.unwrap();
    assert_eq!(
        pinged(&env, &bob, NOON).await["r"],
        state(0, &["ada", "bob"]),
        "two connections of one person count once"
    );
    for connection_id in ["ada-1", "ada-2"] {
        env.chat.connections.remove(connection_id, "r").await.unwrap();
    }
    assert_eq!(pinged(&env, &bob, NOON).await["r"], state(0, &["bob"]));

    env.fill("r", PRESENCE_CHECK_CONNECTIONS - 1, NOON).await;
    assert_eq!(pinged(&env, &bob, NOON).await["r"]["count"], PRESENCE_CHECK_CONNECTIONS);
    env.join(&ada, "r", NOON).await.unwrap();
    assert_eq!(
        pinged(&env, &bob, NOON).await["r"],
        json!({ "epoch": "e1", "seq": 0 }),
        "too many connections to count on each ping"
    );
}
