//! How many open rooms a person can own.

use futures_util::future::join_all;
use parlor_chat::error::Result;
use parlor_chat::rooms::lobby::Site;
use parlor_protocol::Millis;
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::ROOMS_PER_PERSON;

use crate::support::{HOUR, NOON, TestEnv, person, test_env};

async fn create(env: &TestEnv, owner: Option<&str>, now: Millis) -> Result<String> {
    let site = Site { url: "https://chat.example".into(), commons: None };
    let body = parse_body(r#"{"name":"Tea"}"#).unwrap();
    env.chat.create_room(&site, body, owner.map(str::to_owned), now).await.map(|room| room.room_id)
}

#[tokio::test]
async fn the_number_of_open_rooms_per_owner_is_limited() {
    let env = test_env().await;
    let mut rooms = Vec::new();
    for _ in 0..ROOMS_PER_PERSON {
        rooms.push(create(&env, Some("ada"), NOON).await.unwrap());
    }
    let too_many = async |now| create(&env, Some("ada"), now).await.unwrap_err().code();
    assert_eq!(too_many(NOON).await, ErrorCode::TooManyRooms);
    create(&env, Some("bob"), NOON).await.unwrap();
    create(&env, None, NOON).await.unwrap();

    env.chat.close_room(&person("ada"), &rooms[0], tokio::time::Instant::now(), NOON).await.unwrap();
    create(&env, Some("ada"), NOON).await.unwrap();
    assert_eq!(too_many(NOON).await, ErrorCode::TooManyRooms);

    // One room stays active; the others expire.
    let ada = env.joined("ada-1", &rooms[1], NOON + 20 * HOUR).await;
    env.send(&ada, &rooms[1], "1", NOON + 20 * HOUR).await.unwrap();
    for _ in 1..ROOMS_PER_PERSON {
        create(&env, Some("ada"), NOON + 30 * HOUR).await.unwrap();
    }
    assert_eq!(too_many(NOON + 30 * HOUR).await, ErrorCode::TooManyRooms);
}

#[tokio::test]
async fn rooms_created_simultaneously_are_all_counted() {
    let env = test_env().await;
    let created = join_all((0..ROOMS_PER_PERSON + 10).map(|_| async {
        loop {
            match create(&env, Some("ada"), NOON).await {
                Err(error) if error.code() == ErrorCode::Unavailable => {}
                result => return result,
            }
        }
    }))
    .await;
    assert_eq!(created.iter().filter(|created| created.is_ok()).count(), ROOMS_PER_PERSON);
}
