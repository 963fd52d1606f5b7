//! The lobby, and the links of new rooms.

use parlor_chat::store::Gate;
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use tokio::time::Instant;

use crate::support::{HOUR, MINUTE, NOON, person, site, test_env};

#[tokio::test]
async fn the_lobby_lists_open_public_rooms_in_pages_most_recently_active_first() {
    let env = test_env().await;
    for n in 0..7 {
        env.room(&format!("public-{n}"), Visibility::Public, NOON + n * MINUTE).await;
    }
    env.room("unlisted", Visibility::Unlisted, NOON + 10 * MINUTE).await;
    env.room("closed", Visibility::Public, NOON + 10 * MINUTE).await;
    env.chat.close_room(&person("ada"), "closed", Instant::now(), NOON + 10 * MINUTE).await.unwrap();
    // An event moves a room to the top.
    env.chat.rooms.next_seq("public-0", Gate::Unchecked, NOON + 20 * MINUTE).await.unwrap();
    env.joined("ada-1", "public-0", NOON + 20 * MINUTE).await;
    env.joined("ada-2", "public-0", NOON + 20 * MINUTE).await;

    let now = NOON + 21 * MINUTE;
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = env.chat.list_rooms(&site(), cursor.as_deref(), Some(3), now).await.unwrap();
        assert!(page.rooms.len() <= 3);
        seen.extend(page.rooms.into_iter().map(|room| (room.room_id, room.people)));
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    let expected = ["public-0", "public-6", "public-5", "public-4", "public-3", "public-2", "public-1"];
    assert_eq!(seen.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), expected);
    assert_eq!(seen[0].1, 1, "two connections of one person count once");

    let next_day = NOON + 24 * HOUR + 7 * MINUTE;
    let left = env.chat.list_rooms(&site(), None, None, next_day).await.unwrap();
    assert_eq!(left.rooms.iter().map(|room| room.room_id.as_str()).collect::<Vec<_>>(), ["public-0"]);
}

#[tokio::test]
async fn invalid_limits_and_cursors_are_refused() {
    let env = test_env().await;
    let table = [(None, Some(0)), (None, Some(51)), (Some(""), None), (Some("x"), None), (Some("12-abc"), None)];
    for (cursor, limit) in table {
        let refused = env.chat.list_rooms(&site(), cursor, limit, NOON).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidField, "{cursor:?} {limit:?}");
    }
}

#[tokio::test]
async fn a_new_room_has_an_unguessable_link() {
    let env = test_env().await;
    let body = parse_body(r#"{"name":"  Ada's café ","topic":"","visibility":"public"}"#).unwrap();
    let made = env.chat.create_room(&site(), body, None, NOON).await.unwrap();
    assert_eq!(made.room_id.len(), 16);
    assert_eq!(made.link, format!("https://chat.example/#/rooms/{}", made.room_id));
    assert_eq!(made.name, "Ada's caf\u{e9}");
    assert_eq!((made.topic.as_deref(), made.people), (None, 0));
    assert_eq!(env.chat.describe_room(&site(), &made.room_id, None, None, NOON).await.unwrap(), made);
}
