//! Tokens: whoever has one is the same person again; nobody makes one for themselves.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by stopping"
)]

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use parlor_chat::identity::{Tokens, random_id, stranger};
use parlor_chat::now;
use parlor_protocol::error::ErrorCode;
use serde_json::json;

const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

#[test]
fn a_token_proves_the_person_it_was_made_for() {
    let tokens = Tokens::new(KEY, "dev");
    let session = tokens.start_session("Ada".into(), now()).unwrap();
    let person = tokens.check(&session.token).unwrap();
    assert_eq!((person.user_id, person.name), (session.user_id, session.name));
}

#[test]
fn what_is_wrong_expired_foreign_or_unsigned_proves_nobody() {
    let tokens = Tokens::new(KEY, "dev");
    let good = tokens.start_session("Ada".into(), now()).unwrap().token;
    let seconds = now() / 1000;
    let claims = json!({ "sub": "ada", "name": "Ada", "aud": "dev", "exp": seconds + 60 });
    let sign = |algorithm, claims: &serde_json::Value| {
        encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(KEY)).unwrap()
    };
    assert!(
        tokens.check(&sign(Algorithm::HS256, &claims)).is_ok(),
        "the table below differs from this in one thing each"
    );

    let mut expired = claims.clone();
    expired["exp"] = json!(seconds - 3600);
    let mut no_expiry = claims.clone();
    no_expiry.as_object_mut().unwrap().remove("exp");
    let mut no_audience = claims.clone();
    no_audience.as_object_mut().unwrap().remove("aud");
    let body = good.split('.').nth(1).unwrap();
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}.");
    let table = [
        ("nothing", String::new()),
        ("not a token", "hello".into()),
        ("cut short", good[..good.len() - 2].to_owned()),
        ("alg none", unsigned),
        ("another algorithm", sign(Algorithm::HS512, &claims)),
        ("another key", Tokens::new(&[7; 32], "dev").start_session("Ada".into(), now()).unwrap().token),
        ("another stage", Tokens::new(KEY, "prod").start_session("Ada".into(), now()).unwrap().token),
        ("expired", sign(Algorithm::HS256, &expired)),
        ("without expiry", sign(Algorithm::HS256, &no_expiry)),
        ("without audience", sign(Algorithm::HS256, &no_audience)),
    ];
    for (what, token) in table {
        let refused = tokens.check(&token).expect_err(what);
        assert_eq!(refused.code(), ErrorCode::Unauthorized, "{what}");
    }
}

#[test]
fn identifiers_have_eighty_bits_and_differ() {
    let ids: std::collections::BTreeSet<String> = (0..1000).map(|_| random_id().unwrap()).collect();
    assert_eq!(ids.len(), 1000);
    assert!(ids.iter().all(|id| id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())));
    let guest = stranger().unwrap();
    assert!(guest.name.starts_with("Guest ") && guest.name.len() == 10, "{}", guest.name);
}
