//! The keys of guest tokens: which a function knows, when it reads them again, and how they are rotated.

use parlor_chat::now;
use parlor_chat::people::identity::{Identity, TokenKeys};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Session;
use serde_json::json;

use crate::support::{MINUTE, SECOND};
use crate::{KEY, NEXT_KEY, claims, deployed, forge, rotated, sign};

#[test]
fn the_secret_holds_one_or_two_keys_of_32_bytes() {
    let short = &KEY[1..];
    for secret in [
        "",
        short,
        "{}",
        r#"{"current":"#,
        &json!({ "current": short }).to_string(),
        &json!({ "previous": KEY }).to_string(),
        &rotated(KEY, short),
        &json!({ "current": KEY, "next": NEXT_KEY }).to_string(),
    ] {
        let refused = TokenKeys::parse(secret).err().expect(secret);
        assert_eq!(refused.code(), ErrorCode::Unavailable, "{secret}");
        assert!(!refused.to_string().contains(&KEY[..8]), "{refused}");
    }
    for secret in [KEY, &json!({ "current": KEY }).to_string(), &rotated(KEY, NEXT_KEY), &rotated(NEXT_KEY, KEY)] {
        assert!(TokenKeys::parse(secret).expect(secret).check(&sign(&claims()), "dev").is_ok(), "{secret}");
    }
}

#[tokio::test]
async fn a_token_has_a_key_id_that_reveals_nothing_about_the_key() {
    let (identity, _) = deployed(&rotated(KEY, NEXT_KEY)).await;
    let key_id = async |identity: &Identity| {
        let token = identity.start_session("Ada".into(), None, now()).await.unwrap().token;
        jsonwebtoken::decode_header(&token).unwrap().kid.unwrap()
    };
    let first = key_id(&identity).await;
    assert_eq!(first, key_id(&identity).await);
    assert!(first.len() == 16 && !KEY.contains(&first[..8]), "{first}");
    assert_ne!(first, key_id(&deployed(NEXT_KEY).await.0).await);
}

#[tokio::test]
async fn a_warm_function_accepts_a_new_key_within_a_minute_and_later_refuses_a_removed_one() {
    let (warm, secrets) = deployed(KEY).await;
    let start = now();
    let old = warm.start_session("Ada".into(), None, start).await.unwrap();
    secrets.put(rotated(NEXT_KEY, KEY));
    let fresh = Identity { guests: secrets.guests("dev").await, provider: None, admits_guests: true };
    let new = fresh.start_session("Bo".into(), None, start).await.unwrap();

    assert_eq!(fresh.guest(&old.token, start).await.unwrap().user_id, old.user_id, "the previous key still counts");
    assert_eq!(
        warm.guest(&new.token, start + MINUTE).await.unwrap().user_id,
        new.user_id,
        "a warm function reads the secret again"
    );
    assert_eq!(warm.guest(&old.token, start + MINUTE).await.unwrap().user_id, old.user_id);

    secrets.put(NEXT_KEY);
    let later = start + 10 * MINUTE;
    assert!(warm.guest(&new.token, later).await.is_ok());
    let refused = warm.guest(&old.token, later).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Unauthorized, "a removed key no longer counts");
}

#[tokio::test]
async fn at_every_step_of_a_rotation_every_function_instance_accepts_every_token() {
    let (_, secrets) = deployed(KEY).await;
    let (start, day) = (now(), 24 * 60 * MINUTE);
    let (mut instances, mut sessions) = (Vec::new(), Vec::<Session>::new());
    let steps = [
        (start, rotated(KEY, NEXT_KEY)),
        (start + 5 * MINUTE, rotated(NEXT_KEY, KEY)),
        (start + 31 * day, json!({ "current": NEXT_KEY }).to_string()),
        (start + 31 * day + 5 * MINUTE, NEXT_KEY.into()),
    ];
    for (step, secret) in steps {
        // One instance read the secret just before the step, so it reads again as late as possible. Another starts after it.
        let before = Identity { guests: secrets.guests("dev").await, provider: None, admits_guests: true };
        before.start_session("Ada".into(), None, step - SECOND).await.unwrap();
        secrets.put(secret);
        instances
            .extend([before, Identity { guests: secrets.guests("dev").await, provider: None, admits_guests: true }]);
        for at in [0, SECOND, 58 * SECOND, MINUTE, 5 * MINUTE - 1].map(|after| step + after) {
            for instance in &instances {
                sessions.push(instance.start_session("Ada".into(), None, at).await.unwrap());
            }
            sessions.retain(|session| session.expires_at > at);
            for (instance, session) in
                instances.iter().flat_map(|instance| sessions.iter().map(move |session| (instance, session)))
            {
                let person = instance.guest(&session.token, at).await;
                assert!(
                    person.is_ok_and(|person| person.user_id == session.user_id),
                    "{} ms after the step",
                    at - step
                );
            }
        }
    }
    let key_of = |session: &Session| jsonwebtoken::decode_header(&session.token).unwrap().kid;
    assert_eq!(
        sessions.iter().map(key_of).collect::<std::collections::BTreeSet<_>>().len(),
        1,
        "all tokens of the old key have expired"
    );
}

#[tokio::test]
async fn unknown_key_ids_cause_one_read_per_minute() {
    let (identity, secrets) = deployed(KEY).await;
    let start = now();
    let forged = forge(&json!({ "alg": "HS256", "kid": "unknown" }), &claims());
    let refused_at = async |at: Millis| {
        assert_eq!(identity.guest(&forged, at).await.unwrap_err().code(), ErrorCode::Unauthorized);
        secrets.reads()
    };
    assert_eq!(refused_at(start).await, 1);
    assert_eq!(refused_at(start + MINUTE - 1).await, 1);
    assert_eq!(refused_at(start + MINUTE).await, 2);
    assert_eq!(refused_at(start + MINUTE + 1).await, 2);
}

#[tokio::test]
async fn without_secrets_manager_known_keys_still_count_and_unknown_ones_are_unavailable() {
    let (identity, secrets) = deployed(KEY).await;
    let start = now();
    let session = identity.start_session("Ada".into(), None, start).await.unwrap();
    secrets.remove();
    let old = start + 10 * MINUTE;
    assert!(identity.guest(&session.token, old).await.is_ok());
    let forged = forge(&json!({ "alg": "HS256", "kid": "unknown" }), &claims());
    assert_eq!(identity.guest(&forged, old + 1).await.unwrap_err().code(), ErrorCode::Unavailable);

    let fresh = Identity { guests: secrets.guests("dev").await, provider: None, admits_guests: true };
    assert_eq!(fresh.guest(&session.token, start).await.unwrap_err().code(), ErrorCode::Unavailable);
    secrets.put(KEY);
    assert!(fresh.guest(&session.token, start + 1).await.is_ok(), "a function without keys tries again at once");
}
