//! Tokens: whoever has one is the same person again; nobody makes one for themselves.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by stopping"
)]

mod support;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use parlor_chat::now;
use parlor_chat::people::identity::{Identity, TokenKeys, new_guest, random_id};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Session;
use proptest::prelude::*;
use serde_json::{Value, json};

use self::support::secrets::Secrets;
use self::support::{MINUTE, SECOND};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const NEXT_KEY: &str = "fedcba9876543210fedcba9876543210";

fn keys() -> TokenKeys {
    TokenKeys::parse(KEY).unwrap()
}

fn seconds() -> u64 {
    now() / 1000
}

fn claims() -> Value {
    json!({ "sub": "ada", "name": "Ada", "aud": "dev", "exp": seconds() + 600 })
}

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

fn sign_as(header: &Header, claims: &Value) -> String {
    encode(header, claims, &EncodingKey::from_secret(KEY.as_bytes())).unwrap()
}

fn sign(claims: &Value) -> String {
    sign_as(&Header::new(Algorithm::HS256), claims)
}

/// A token with any header, signed with the key by HMAC whatever the header says.
fn forge(header: &Value, claims: &Value) -> String {
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let message = format!("{}.{}", encode(header), encode(claims));
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &EncodingKey::from_secret(KEY.as_bytes()), Algorithm::HS256);
    format!("{message}.{}", signature.unwrap())
}

fn refuses(keys: &TokenKeys, what: &str, token: &str) {
    let refused = keys.check(token, "dev").expect_err(what);
    assert_eq!(refused.code(), ErrorCode::Unauthorized, "{what}");
}

/// Somebody at a function that has just started, and the Secrets Manager that it reads.
async fn deployed(secret: &str) -> (Identity, Secrets) {
    let secrets = Secrets::default();
    secrets.put(secret);
    (Identity { guests: secrets.guests("dev").await, provider: None }, secrets)
}

fn rotated(current: &str, previous: &str) -> String {
    json!({ "current": current, "previous": previous }).to_string()
}

#[tokio::test]
async fn a_token_proves_the_person_it_was_made_for() {
    let (identity, _) = deployed(KEY).await;
    let session = identity.start_session("Ada".into(), now()).await.unwrap();
    let person = identity.person(&session.token, now()).await.unwrap();
    assert_eq!((person.user_id, person.name), (session.user_id, session.name));
}

#[test]
fn what_is_wrong_expired_foreign_or_unsigned_proves_nobody() {
    assert!(keys().check(&sign(&claims()), "dev").is_ok(), "the tables below differ from this in one thing each");
    assert!(keys().check(&forge(&json!({ "alg": "HS256" }), &claims()), "dev").is_ok(), "so is what is forged");
    let good = sign(&claims());

    for (what, claims) in [
        ("expired", with("exp", json!(seconds() - 90))),
        ("not valid yet", with("nbf", json!(seconds() + 90))),
        ("an expiry that is a word", with("exp", json!("never"))),
        ("another stage", with("aud", json!("prod"))),
        ("another stage in other letters", with("aud", json!("DEV"))),
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
        ("RS256, with the key taken for HMAC", json!({ "alg": "RS256" })),
        ("ES256, with the key taken for HMAC", json!({ "alg": "ES256" })),
        ("an alg that is an object", json!({ "alg": {} })),
        ("an extension that must be understood", json!({ "alg": "HS256", "crit": ["exp"] })),
        ("another key's name", json!({ "alg": "HS256", "kid": "0000000000000000" })),
    ] {
        refuses(&keys(), what, &forge(&header, &claims()));
    }
    for (what, token) in [
        ("nothing", String::new()),
        ("not a token", "hello".into()),
        ("three dots", "...".into()),
        ("cut short", good[..good.len() - 2].to_owned()),
        ("unsigned", good[..=good.rfind('.').unwrap()].to_owned()),
        ("really HS512", sign_as(&Header::new(Algorithm::HS512), &claims())),
        ("another key", encode(&Header::default(), &claims(), &EncodingKey::from_secret(&[7; 32])).unwrap()),
    ] {
        refuses(&keys(), what, &token);
    }
}

#[test]
fn clocks_may_differ_by_a_minute() {
    assert!(keys().check(&sign(&with("exp", json!(seconds() - 30))), "dev").is_ok());
    assert!(keys().check(&sign(&with("nbf", json!(seconds() + 30))), "dev").is_ok());
}

#[tokio::test]
async fn a_token_of_more_than_four_kilobytes_is_not_even_looked_at() {
    let (identity, secrets) = deployed(KEY).await;
    let fits = sign(&with("more", json!("x".repeat(2800))));
    let exceeds = sign(&with("more", json!("x".repeat(3000))));
    assert!(fits.len() <= 4096 && exceeds.len() > 4096, "{} {}", fits.len(), exceeds.len());
    let refused = identity.person(&exceeds, now()).await.unwrap_err();
    assert_eq!((refused.code(), secrets.reads()), (ErrorCode::Unauthorized, 0));
    assert!(identity.person(&fits, now()).await.is_ok());
}

#[test]
fn the_secret_is_a_key_or_two_keys_of_32_bytes() {
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
async fn a_token_names_its_key_without_giving_it_away() {
    let (identity, _) = deployed(&rotated(KEY, NEXT_KEY)).await;
    let name = async |identity: &Identity| {
        let token = identity.start_session("Ada".into(), now()).await.unwrap().token;
        jsonwebtoken::decode_header(&token).unwrap().kid.unwrap()
    };
    let first = name(&identity).await;
    assert_eq!(first, name(&identity).await);
    assert!(first.len() == 16 && !KEY.contains(&first[..8]), "{first}");
    assert_ne!(first, name(&deployed(NEXT_KEY).await.0).await);
}

#[tokio::test]
async fn a_warm_function_learns_of_a_key_within_a_minute_and_forgets_one_that_was_taken_out() {
    let (warm, secrets) = deployed(KEY).await;
    let start = now();
    let old = warm.start_session("Ada".into(), start).await.unwrap();
    secrets.put(rotated(NEXT_KEY, KEY));
    let fresh = Identity { guests: secrets.guests("dev").await, provider: None };
    let new = fresh.start_session("Bo".into(), start).await.unwrap();

    assert_eq!(fresh.person(&old.token, start).await.unwrap().user_id, old.user_id, "the previous key still counts");
    assert_eq!(
        warm.person(&new.token, start + MINUTE).await.unwrap().user_id,
        new.user_id,
        "a warm function reads again"
    );
    assert_eq!(warm.person(&old.token, start + MINUTE).await.unwrap().user_id, old.user_id);

    secrets.put(NEXT_KEY);
    let later = start + 10 * MINUTE;
    assert!(warm.person(&new.token, later).await.is_ok());
    let refused = warm.person(&old.token, later).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Unauthorized, "a key that was taken out no longer counts");
}

#[tokio::test]
async fn at_every_step_of_a_rotation_every_copy_of_every_function_accepts_every_token() {
    let (_, secrets) = deployed(KEY).await;
    let (start, day) = (now(), 24 * 60 * MINUTE);
    let (mut copies, mut sessions) = (Vec::new(), Vec::<Session>::new());
    let steps = [
        (start, rotated(KEY, NEXT_KEY)),
        (start + 5 * MINUTE, rotated(NEXT_KEY, KEY)),
        (start + 31 * day, json!({ "current": NEXT_KEY }).to_string()),
        (start + 31 * day + 5 * MINUTE, NEXT_KEY.into()),
    ];
    for (step, secret) in steps {
        // One copy has read the secret just before, and does not look again for the longest time; one comes after.
        let before = Identity { guests: secrets.guests("dev").await, provider: None };
        before.start_session("Ada".into(), step - SECOND).await.unwrap();
        secrets.put(secret);
        copies.extend([before, Identity { guests: secrets.guests("dev").await, provider: None }]);
        for at in [0, SECOND, 58 * SECOND, MINUTE, 5 * MINUTE - 1].map(|after| step + after) {
            for copy in &copies {
                sessions.push(copy.start_session("Ada".into(), at).await.unwrap());
            }
            sessions.retain(|session| session.expires_at > at);
            for (copy, session) in copies.iter().flat_map(|copy| sessions.iter().map(move |session| (copy, session))) {
                let person = copy.person(&session.token, at).await;
                assert!(person.is_ok_and(|person| person.user_id == session.user_id), "{} ms after it", at - step);
            }
        }
    }
    let key_of = |session: &Session| jsonwebtoken::decode_header(&session.token).unwrap().kid;
    assert_eq!(sessions.iter().map(key_of).collect::<std::collections::BTreeSet<_>>().len(), 1, "the old key is gone");
}

#[tokio::test]
async fn made_up_key_names_cause_one_reading_a_minute() {
    let (identity, secrets) = deployed(KEY).await;
    let start = now();
    let made_up = forge(&json!({ "alg": "HS256", "kid": "made up" }), &claims());
    let refused_at = async |at: Millis| {
        assert_eq!(identity.person(&made_up, at).await.unwrap_err().code(), ErrorCode::Unauthorized);
        secrets.reads()
    };
    assert_eq!(refused_at(start).await, 1);
    assert_eq!(refused_at(start + MINUTE - 1).await, 1);
    assert_eq!(refused_at(start + MINUTE).await, 2);
    assert_eq!(refused_at(start + MINUTE + 1).await, 2);
}

#[tokio::test]
async fn while_secrets_manager_is_away_known_keys_count_and_others_may_try_again() {
    let (identity, secrets) = deployed(KEY).await;
    let start = now();
    let session = identity.start_session("Ada".into(), start).await.unwrap();
    secrets.go_away();
    let old = start + 10 * MINUTE;
    assert!(identity.person(&session.token, old).await.is_ok());
    let made_up = forge(&json!({ "alg": "HS256", "kid": "made up" }), &claims());
    assert_eq!(identity.person(&made_up, old + 1).await.unwrap_err().code(), ErrorCode::Unavailable);

    let nobody = Identity { guests: secrets.guests("dev").await, provider: None };
    assert_eq!(nobody.person(&session.token, start).await.unwrap_err().code(), ErrorCode::Unavailable);
    secrets.put(KEY);
    assert!(nobody.person(&session.token, start + 1).await.is_ok(), "who has no keys tries at once");
}

#[tokio::test]
async fn a_cursor_counts_only_as_it_was_given_out() {
    let (identity, secrets) = deployed(KEY).await;
    let position = "0029395440-k3v9m2x7q4t8w1zc";
    let start = now();
    let cursor = identity.guests.sign_cursor(position, start).await.unwrap();
    assert_eq!(identity.guests.check_cursor(&cursor, start).await.unwrap(), position);

    let (elsewhere, _) = deployed(NEXT_KEY).await;
    let foreign = elsewhere.guests.sign_cursor(position, start).await.unwrap();
    let (_, behind) = cursor.split_once('.').unwrap();
    let (named, signature) = cursor.rsplit_once('.').unwrap();
    for (what, forged) in [
        ("nothing", String::new()),
        ("nonsense", "nonsense".into()),
        ("the position alone", position.into()),
        ("another position", format!("0029395441-k3v9m2x7q4t8w1zc.{behind}")),
        ("a position with more before it", format!("x.{cursor}")),
        ("without its signature", format!("{named}.")),
        ("cut short", cursor[..cursor.len() - 1].into()),
        ("without the key's name", format!("{position}.{signature}")),
        ("of another stage", foreign.clone()),
        ("the other stage's signature", format!("{named}.{}", foreign.rsplit_once('.').unwrap().1)),
        ("a token", identity.start_session("Ada".into(), start).await.unwrap().token),
    ] {
        let refused = identity.guests.check_cursor(&forged, start).await.expect_err(what);
        assert_eq!(refused.code(), ErrorCode::InvalidField, "{what}");
    }

    secrets.put(rotated(NEXT_KEY, KEY));
    let later = start + MINUTE;
    assert_eq!(identity.guests.check_cursor(&foreign, later).await.unwrap(), position, "a new key is read");
    assert_eq!(identity.guests.check_cursor(&cursor, later).await.unwrap(), position, "the previous one still counts");
}

proptest! {
    #[test]
    fn no_text_makes_checking_panic(token in "\\PC{0,60}|[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}") {
        prop_assert!(keys().has_key_for(&token));
        prop_assert!(keys().check(&token, "dev").is_err());
        prop_assert!(keys().check_cursor(&token).is_none());
    }

    #[test]
    fn no_header_and_no_claims_make_checking_panic(header in json_text(), payload in json_text()) {
        let token = format!("{}.{}.AAAA", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        keys().has_key_for(&token);
        prop_assert!(keys().check(&token, "dev").is_err());
    }
}

/// Nearly what the parts of a token hold.
fn json_text() -> impl Strategy<Value = String> {
    let field = "(alg|kid|exp|aud|sub|iss|crit|jwk)";
    let value = r#"("(HS256|RS256|none|dev|[a-z]{0,4})"|-?[0-9]{1,25}|[0-9]e[0-9]{1,3}|null|\[\]|\{\}|true)"#;
    let object = format!(r#"\{{("{field}":{value},){{0,3}}"{field}":{value}\}}"#);
    proptest::string::string_regex(&object).unwrap()
}

#[test]
fn identifiers_have_eighty_bits_and_differ() {
    let ids: std::collections::BTreeSet<String> = (0..1000).map(|_| random_id().unwrap()).collect();
    assert_eq!(ids.len(), 1000);
    assert!(ids.iter().all(|id| id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())));
    let guest = new_guest().unwrap();
    assert!(guest.name.starts_with("Guest ") && guest.name.len() == 10, "{}", guest.name);
}
