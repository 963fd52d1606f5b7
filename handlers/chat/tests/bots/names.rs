//! Nobody can be taken for a bot.

use parlor_chat::people::identity::IdentityKind;
use parlor_protocol::http::NewSession;
use parlor_protocol::person::Person;
use parlor_protocol::text::Handle;

use super::*;

/// What may be taken for the bot's name.
const LIKE_IT: [&str; 5] = ["Concierge", "concierge", "Сoncierge", "C0ncierge", "*Concíerge*"];

#[tokio::test]
async fn nobody_joins_a_room_under_a_name_that_looks_like_a_bots() {
    let (env, _, bob, room) = room_with_bot().await;
    for name in LIKE_IT {
        let join = of(json!({ "action": "join", "room": room, "name": name }));
        assert_eq!(code(env.chat.join(&bob, join, LATER).await), ErrorCode::InvalidField, "{name}");
    }
    let join = of(json!({ "action": "join", "room": room, "name": "Concierge's friend" }));
    env.chat.join(&bob, join, LATER).await.unwrap();
}

#[tokio::test]
async fn a_token_with_such_a_name_gives_the_name_of_a_guest() {
    let env = test_env().await;
    for name in LIKE_IT {
        let holder = Person { user_id: "mallory".into(), name: name.into() };
        let person = env.chat.person(holder, IdentityKind::GuestWithToken).await.unwrap();
        assert!(person.name.starts_with("Guest "), "{name}: {}", person.name);
    }
    assert_eq!(env.chat.person(person("ada"), IdentityKind::GuestWithToken).await.unwrap(), person("ada"));
}

#[tokio::test]
async fn a_bots_handle_is_its_own_and_finds_it() {
    let env = test_env().await;
    let bob = env.connect("bob-1", NOON).await;
    for handle in ["concierge", "@Concierge", "c0ncierge", "сoncierge"] {
        let register = of(json!({ "action": "register", "handle": handle }));
        assert_eq!(code(env.chat.register(&bob, register, LATER).await), ErrorCode::HandleTaken, "{handle}");
        let handle = Handle::try_from(handle.to_owned()).unwrap();
        let claimed = env.chat.claim_handle(person("bob"), IdentityKind::SignedIn, handle.clone(), LATER).await;
        assert_eq!(code(claimed), ErrorCode::HandleTaken);
        let found = env.chat.find_person(&handle, LATER).await.unwrap().unwrap();
        assert_eq!((found.user_id.as_str(), found.name.as_str()), (CONCIERGE, "Concierge"));
    }
}

#[tokio::test]
async fn a_bot_has_direct_conversations_and_is_no_member_of_a_group() {
    let env = test_env().await;
    env.connect("bob-1", NOON).await;
    let create = async |body: Value| {
        let body = parse_body(&body.to_string()).unwrap();
        env.chat.create_conversation(&person("bob"), body, LATER).await
    };
    let by_id = create(json!({ "with": CONCIERGE })).await.unwrap();
    let by_handle = create(json!({ "with": "@concierge" })).await.unwrap();
    assert_eq!(by_id.room, by_handle.room);
    assert_eq!(serde_json::to_value(&by_id.members[1]).unwrap()["bot"], true);
    assert_eq!(code(create(json!({ "with": "bot:absent" })).await), ErrorCode::PersonNotFound);
    let group = create(json!({ "title": "Tea", "members": ["@concierge"] })).await;
    assert_eq!(code(group), ErrorCode::InvalidField);
}

#[test]
fn a_person_is_marked_as_a_bot_by_their_id_alone() {
    let marked = |json: Value| serde_json::to_value(serde_json::from_value::<Person>(json).unwrap()).unwrap();
    assert_eq!(marked(json!({ "userId": CONCIERGE, "name": "C" }))["bot"], true);
    let claimed = marked(json!({ "userId": "mallory", "name": "C", "bot": true }));
    assert_eq!(claimed, json!({ "userId": "mallory", "name": "C" }));
    let session: Result<NewSession, _> = parse_body(r#"{"name":"C","bot":true}"#);
    assert!(session.is_err());
}
