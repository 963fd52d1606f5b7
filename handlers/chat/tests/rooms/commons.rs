//! The stage's own room.

use parlor_chat::rooms::lobby::Site;
use parlor_chat::store::COMMONS;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use tokio::time::Instant;

use crate::support::{HOUR, NOON, person, site, test_env};

#[tokio::test]
async fn the_commons_is_first_in_the_lobby_and_nobody_and_no_silence_ends_it() {
    let env = test_env().await;
    let site = Site { commons: Some("Town square".into()), ..site() };
    let names = async |now| {
        let rooms = env.chat.list_rooms(&site, None, None, now).await.unwrap().rooms;
        rooms.into_iter().map(|room| room.name).collect::<Vec<_>>()
    };
    env.room("r", Visibility::Public, NOON).await;
    assert_eq!(names(NOON).await, ["Room r"]);
    env.chat.rooms.ensure_commons("Commons", NOON).await.unwrap();
    let ada = env.joined("ada-1", COMMONS, NOON).await;
    env.send(&ada, COMMONS, "1", NOON).await.unwrap();
    assert_eq!(names(NOON).await, ["Commons", "Room r"]);
    let closing = env.chat.close_room(&person("ada"), COMMONS, Instant::now(), NOON).await;
    assert_eq!(closing.map_err(|error| error.code()), Err(ErrorCode::Forbidden));

    let later = NOON + 1000 * HOUR;
    assert_eq!(
        env.chat.sweeper().end_rooms(Instant::now() + std::time::Duration::from_secs(60), later).await.unwrap().ended,
        1
    );
    env.chat.rooms.ensure_commons("Town square", later).await.unwrap();
    assert_eq!(names(later).await, ["Town square"]);
    let bob = env.joined("bob-1", COMMONS, later).await;
    env.send(&bob, COMMONS, "2", later).await.unwrap();
    assert_eq!(env.chat.rooms.open(COMMONS, later).await.unwrap().seq, 2);
}
