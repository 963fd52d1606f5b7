//! Guest tokens and cursors: a token identifies the same person on every connection, and neither can be forged.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

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

/// Signs a token with any header. The signature is always HMAC with the key, whatever the header says.
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

/// Returns a function that has just started, and the Secrets Manager that it reads.
async fn deployed(secret: &str) -> (Identity, Secrets) {
    let secrets = Secrets::default();
    secrets.put(secret);
    (Identity { guests: secrets.guests("dev").await, provider: None }, secrets)
}

fn rotated(current: &str, previous: &str) -> String {
    json!({ "current": current, "previous": previous }).to_string()
}

#[tokio::test]
async fn a_token_identifies_the_person_it_was_issued_to() {
    let (identity, _) = deployed(KEY).await;
    let session = identity.start_session("Ada".into(), now()).await.unwrap();
    let person = identity.person(&session.token, now()).await.unwrap();
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
    let refused = identity.person(&exceeds, now()).await.unwrap_err();
    assert_eq!((refused.code(), secrets.reads()), (ErrorCode::Unauthorized, 0));
    assert!(identity.person(&fits, now()).await.is_ok());
}

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
        let token = identity.start_session("Ada".into(), now()).await.unwrap().token;
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
    let old = warm.start_session("Ada".into(), start).await.unwrap();
    secrets.put(rotated(NEXT_KEY, KEY));
    let fresh = Identity { guests: secrets.guests("dev").await, provider: None };
    let new = fresh.start_session("Bo".into(), start).await.unwrap();

    assert_eq!(fresh.person(&old.token, start).await.unwrap().user_id, old.user_id, "the previous key still counts");
    assert_eq!(
        warm.person(&new.token, start + MINUTE).await.unwrap().user_id,
        new.user_id,
        "a warm function reads the secret again"
    );
    assert_eq!(warm.person(&old.token, start + MINUTE).await.unwrap().user_id, old.user_id);

    secrets.put(NEXT_KEY);
    let later = start + 10 * MINUTE;
    assert!(warm.person(&new.token, later).await.is_ok());
    let refused = warm.person(&old.token, later).await.unwrap_err();
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
        let before = Identity { guests: secrets.guests("dev").await, provider: None };
        before.start_session("Ada".into(), step - SECOND).await.unwrap();
        secrets.put(secret);
        instances.extend([before, Identity { guests: secrets.guests("dev").await, provider: None }]);
        for at in [0, SECOND, 58 * SECOND, MINUTE, 5 * MINUTE - 1].map(|after| step + after) {
            for instance in &instances {
                sessions.push(instance.start_session("Ada".into(), at).await.unwrap());
            }
            sessions.retain(|session| session.expires_at > at);
            for (instance, session) in
                instances.iter().flat_map(|instance| sessions.iter().map(move |session| (instance, session)))
            {
                let person = instance.person(&session.token, at).await;
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
        assert_eq!(identity.person(&forged, at).await.unwrap_err().code(), ErrorCode::Unauthorized);
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
    let session = identity.start_session("Ada".into(), start).await.unwrap();
    secrets.remove();
    let old = start + 10 * MINUTE;
    assert!(identity.person(&session.token, old).await.is_ok());
    let forged = forge(&json!({ "alg": "HS256", "kid": "unknown" }), &claims());
    assert_eq!(identity.person(&forged, old + 1).await.unwrap_err().code(), ErrorCode::Unavailable);

    let fresh = Identity { guests: secrets.guests("dev").await, provider: None };
    assert_eq!(fresh.person(&session.token, start).await.unwrap_err().code(), ErrorCode::Unavailable);
    secrets.put(KEY);
    assert!(fresh.person(&session.token, start + 1).await.is_ok(), "a function without keys tries again at once");
}

#[tokio::test]
async fn a_cursor_is_valid_only_as_issued() {
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
        ("empty", String::new()),
        ("nonsense", "nonsense".into()),
        ("only the position", position.into()),
        ("another position", format!("0029395441-k3v9m2x7q4t8w1zc.{behind}")),
        ("a prefixed position", format!("x.{cursor}")),
        ("without its signature", format!("{named}.")),
        ("truncated", cursor[..cursor.len() - 1].into()),
        ("without the key id", format!("{position}.{signature}")),
        ("from another stage", foreign.clone()),
        ("the other stage's signature", format!("{named}.{}", foreign.rsplit_once('.').unwrap().1)),
        ("a token", identity.start_session("Ada".into(), start).await.unwrap().token),
    ] {
        let refused = identity.guests.check_cursor(&forged, start).await.expect_err(what);
        assert_eq!(refused.code(), ErrorCode::InvalidField, "{what}");
    }

    secrets.put(rotated(NEXT_KEY, KEY));
    let later = start + MINUTE;
    assert_eq!(identity.guests.check_cursor(&foreign, later).await.unwrap(), position, "a new key is read");
    assert_eq!(identity.guests.check_cursor(&cursor, later).await.unwrap(), position, "the previous key still counts");
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
