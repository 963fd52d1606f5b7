//! Guest tokens: those count that were signed for this stage and have not expired. The ids in them are random.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use parlor_chat::now;
use parlor_chat::people::identity::{TokenKeys, new_guest, random_id};
use parlor_protocol::error::ErrorCode;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::HOUR;
use crate::{KEY, claims, deployed, forge, keys, seconds, sign, sign_as};

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn refuses(keys: &TokenKeys, what: &str, token: &str) {
    let refused = keys.check(token, "dev").expect_err(what);
    assert_eq!(refused.code(), ErrorCode::Unauthorized, "{what}");
}

#[tokio::test]
async fn a_token_identifies_the_person_it_was_issued_to() {
    let (identity, _) = deployed(KEY).await;
    let session = identity.start_session("Ada".into(), None, now()).await.unwrap();
    let person = identity.guest(&session.token, now()).await.unwrap();
    assert_eq!((person.user_id, person.name), (session.user_id, session.name));
}

#[test]
fn invalid_expired_foreign_and_unsigned_tokens_are_refused() {
    assert!(
        keys().check(&sign(&claims()), "dev").is_ok(),
        "a valid token; each case below differs from it in one respect"
    );
    assert!(
        keys().check(&forge(&json!({ "alg": "HS256" }), &claims()), "dev").is_ok(),
        "a forged token with a valid header"
    );
    let good = sign(&claims());

    for (what, claims) in [
        ("expired", with("exp", json!(seconds() - 90))),
        ("not valid yet", with("nbf", json!(seconds() + 90))),
        ("an expiry that is not a number", with("exp", json!("never"))),
        ("another stage", with("aud", json!("prod"))),
        ("the stage in upper case", with("aud", json!("DEV"))),
        ("a name that is a number", with("name", json!(7))),
        ("without expiry", without("exp")),
        ("without audience", without("aud")),
        ("without subject", without("sub")),
        ("without name", without("name")),
    ] {
        refuses(&keys(), what, &sign(&claims));
    }
    for (what, header) in [
        ("alg none", json!({ "alg": "none" })),
        ("alg None", json!({ "alg": "None" })),
        ("no alg", json!({ "typ": "JWT" })),
        ("HS512 over an HS256 signature", json!({ "alg": "HS512" })),
        ("RS256, with the key used for HMAC", json!({ "alg": "RS256" })),
        ("ES256, with the key used for HMAC", json!({ "alg": "ES256" })),
        ("an alg that is an object", json!({ "alg": {} })),
        ("a critical extension", json!({ "alg": "HS256", "crit": ["exp"] })),
        ("another key id", json!({ "alg": "HS256", "kid": "0000000000000000" })),
    ] {
        refuses(&keys(), what, &forge(&header, &claims()));
    }
    for (what, token) in [
        ("empty", String::new()),
        ("not a token", "hello".into()),
        ("three dots", "...".into()),
        ("truncated", good[..good.len() - 2].to_owned()),
        ("unsigned", good[..=good.rfind('.').unwrap()].to_owned()),
        ("signed with HS512", sign_as(&Header::new(Algorithm::HS512), &claims())),
        ("another key", encode(&Header::default(), &claims(), &EncodingKey::from_secret(&[7; 32])).unwrap()),
    ] {
        refuses(&keys(), what, &token);
    }
}

#[test]
fn clocks_may_differ_by_up_to_a_minute() {
    assert!(keys().check(&sign(&with("exp", json!(seconds() - 30))), "dev").is_ok());
    assert!(keys().check(&sign(&with("nbf", json!(seconds() + 30))), "dev").is_ok());
}

#[tokio::test]
async fn a_token_over_4_kb_is_refused_without_reading_the_secret() {
    let (identity, secrets) = deployed(KEY).await;
    let fits = sign(&with("more", json!("x".repeat(2800))));
    let exceeds = sign(&with("more", json!("x".repeat(3000))));
    assert!(fits.len() <= 4096 && exceeds.len() > 4096, "{} {}", fits.len(), exceeds.len());
    let refused = identity.guest(&exceeds, now()).await.unwrap_err();
    assert_eq!((refused.code(), secrets.reads()), (ErrorCode::Unauthorized, 0));
    assert!(identity.guest(&fits, now()).await.is_ok());
}

proptest! {
    #[test]
    fn checking_never_panics_on_text(token in "\\PC{0,60}|[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}") {
        prop_assert!(keys().has_key_for(&token));
        prop_assert!(keys().check(&token, "dev").is_err());
        prop_assert!(keys().check_cursor(&token).is_none());
    }

    #[test]
    fn checking_never_panics_on_headers_and_claims(header in json_text(), payload in json_text()) {
        let token = format!("{}.{}.AAAA", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        keys().has_key_for(&token);
        prop_assert!(keys().check(&token, "dev").is_err());
    }
}

/// Generates JSON similar to the parts of a token.
fn json_text() -> impl Strategy<Value = String> {
    let field = "(alg|kid|exp|aud|sub|iss|crit|jwk)";
    let value = r#"("(HS256|RS256|none|dev|[a-z]{0,4})"|-?[0-9]{1,25}|[0-9]e[0-9]{1,3}|null|\[\]|\{\}|true)"#;
    let object = format!(r#"\{{("{field}":{value},){{0,3}}"{field}":{value}\}}"#);
    proptest::string::string_regex(&object).unwrap()
}

#[test]
fn random_ids_have_80_bits_and_differ() {
    let ids: std::collections::BTreeSet<String> = (0..1000).map(|_| random_id().unwrap()).collect();
    assert_eq!(ids.len(), 1000);
    assert!(ids.iter().all(|id| id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())));
    let guest = new_guest().unwrap();
    assert!(guest.name.starts_with("Guest ") && guest.name.len() == 10, "{}", guest.name);
}

#[tokio::test]
async fn a_guest_gets_another_token_and_name_and_stays_the_same_person() {
    let (identity, _) = deployed(KEY).await;
    let start = now();
    let first = identity.start_session("Silver Robin".into(), None, start).await.unwrap();
    let later = start + 24 * HOUR;
    let second = identity.start_session("Ada".into(), Some(&first.token), later).await.unwrap();
    assert_eq!(second.user_id, first.user_id);
    assert!(second.expires_at > first.expires_at);
    let person = identity.guest(&second.token, later).await.unwrap();
    assert_eq!((person.user_id, person.name.as_str()), (first.user_id, "Ada"));
    for wrong in ["", "no token", &"x".repeat(5000)] {
        let refused = identity.start_session("Ada".into(), Some(wrong), later).await.map_err(|error| error.code());
        assert_eq!(refused.err(), Some(ErrorCode::Unauthorized), "{wrong}");
    }
}
