//! Signing in: tokens of the stage's identity provider are accepted, and no others.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod support;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
use parlor_chat::people::identity::{Identity, Provider};
use parlor_chat::{Result, now};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::person::Person;
use serde_json::{Value, json};

use self::support::issuer::{Failure, Issuer, Signer};
use self::support::secrets::Secrets;
use self::support::{HOUR, MINUTE, SECOND};

const AUDIENCE: &str = "chat-client";

/// Returns a function and the issuer it trusts, which has an RSA key and an EC key.
async fn deployed() -> (Identity, Issuer) {
    let issuer = Issuer::start().await;
    issuer.publish([Signer::rsa("r1").jwk(), Signer::ec("e1").jwk()]);
    (trusting(&issuer).await, issuer)
}

async fn trusting(issuer: &Issuer) -> Identity {
    let secrets = Secrets::default();
    secrets.put("0123456789abcdef0123456789abcdef");
    let provider = Provider::new(issuer.url.clone(), AUDIENCE.into(), true);
    Identity { guests: secrets.guests("local").await, provider: Some(provider), admits_guests: true }
}

fn claims(issuer: &Issuer) -> Value {
    let exp = now() / 1000 + 600;
    json!({ "iss": issuer.url, "sub": "248289761001", "aud": AUDIENCE, "exp": exp, "name": "Ada Lovelace" })
}

/// Returns the claims with some changed, or removed if the change is null.
fn with(issuer: &Issuer, changes: &Value) -> Value {
    let mut claims = claims(issuer);
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

async fn holder(identity: &Identity, token: &str, now: Millis) -> Result<Person> {
    identity.identify(token, now).await.map(|(person, _)| person)
}

async fn refuses(identity: &Identity, what: &str, token: &str) {
    let refused = holder(identity, token, now()).await.expect_err(what);
    assert_eq!(refused.code(), ErrorCode::Unauthorized, "{what}");
}

#[tokio::test]
async fn a_signed_in_person_stays_the_same_over_tokens_and_keys() {
    let (identity, issuer) = deployed().await;
    let ada = holder(&identity, &Signer::rsa("r1").sign(&claims(&issuer)), now()).await.unwrap();
    assert_eq!(ada.name, "Ada Lovelace");
    assert!(ada.user_id.len() == 16 && ada.user_id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{}", ada.user_id);

    let later = with(&issuer, &json!({ "name": "Ada King", "exp": now() / 1000 + 7200 }));
    let again = holder(&identity, &Signer::ec("e1").sign(&later), now()).await.unwrap();
    assert_eq!((again.user_id, again.name.as_str()), (ada.user_id.clone(), "Ada King"));

    let bo = with(&issuer, &json!({ "sub": "248289761002" }));
    assert_ne!(holder(&identity, &Signer::ec("e1").sign(&bo), now()).await.unwrap().user_id, ada.user_id);
    assert_eq!(issuer.reads(), 1, "the keys are fetched once");

    let (other_identity, other_issuer) = deployed().await;
    let namesake = holder(&other_identity, &Signer::ec("e1").sign(&claims(&other_issuer)), now()).await.unwrap();
    assert_ne!(namesake.user_id, ada.user_id, "the same sub at another issuer is another person");
}

#[tokio::test]
async fn guest_tokens_still_work_next_to_an_identity_provider() {
    let (identity, issuer) = deployed().await;
    let session = identity.start_session("Guest of Ada".into(), None, now()).await.unwrap();
    assert_eq!(holder(&identity, &session.token, now()).await.unwrap().user_id, session.user_id);
    assert_eq!(issuer.reads(), 0, "the issuer's keys are not needed for guests");
}

#[tokio::test]
async fn a_stage_without_guests_accepts_the_providers_tokens_and_refuses_guests_and_new_guest_tokens() {
    let (identity, issuer) = deployed().await;
    let guest = identity.start_session("Ada".into(), None, now()).await.unwrap().token;
    let identity = Identity { admits_guests: false, ..identity };
    assert!(holder(&identity, &Signer::ec("e1").sign(&claims(&issuer)), now()).await.is_ok());
    refuses(&identity, "a guest token", &guest).await;
    let session = identity.start_session("Bo".into(), None, now()).await;
    assert_eq!(session.map(|session| session.name).map_err(|error| error.code()), Err(ErrorCode::Unauthorized));
    assert_eq!(identity.admit_guest().map_err(|error| error.code()), Err(ErrorCode::Unauthorized));
}

#[tokio::test]
async fn issuer_audience_subject_and_times_must_match() {
    let (identity, issuer) = deployed().await;
    for (what, changes) in [
        ("one of several audiences", json!({ "aud": ["other", AUDIENCE] })),
        ("an access token of Amazon Cognito", json!({ "aud": null, "client_id": AUDIENCE, "token_use": "access" })),
        ("expired within the skew", json!({ "exp": now() / 1000 - 30 })),
    ] {
        let token = Signer::ec("e1").sign(&with(&issuer, &changes));
        assert!(holder(&identity, &token, now()).await.is_ok(), "{what}");
    }
    for (what, changes) in [
        ("another audience", json!({ "aud": "other" })),
        ("other audiences", json!({ "aud": ["other", "another"] })),
        ("no audience", json!({ "aud": null })),
        ("an audience that is an object", json!({ "aud": { AUDIENCE: AUDIENCE } })),
        ("another audience, but our client id", json!({ "aud": "other", "client_id": AUDIENCE })),
        ("another client id", json!({ "aud": null, "client_id": "other" })),
        ("another issuer", json!({ "iss": "https://evil.example" })),
        ("the issuer with a trailing slash", json!({ "iss": format!("{}/", issuer.url) })),
        ("several issuers", json!({ "iss": [issuer.url, "https://evil.example"] })),
        ("no issuer", json!({ "iss": null })),
        ("expired", json!({ "exp": now() / 1000 - 90 })),
        ("no expiry", json!({ "exp": null })),
        ("not valid yet", json!({ "nbf": now() / 1000 + 90 })),
        ("no subject", json!({ "sub": null })),
        ("an empty subject", json!({ "sub": "" })),
        ("a subject that is a number", json!({ "sub": 7 })),
    ] {
        refuses(&identity, what, &Signer::ec("e1").sign(&with(&issuer, &changes))).await;
    }
}

#[tokio::test]
async fn a_signature_must_use_the_algorithm_of_its_key() {
    let (identity, issuer) = deployed().await;
    let claims = claims(&issuer);
    let good = Signer::rsa("r1").sign(&claims);
    assert!(holder(&identity, &good, now()).await.is_ok());

    let rewritten = |header: Value| {
        let (_, rest) = good.split_once('.').unwrap();
        format!("{}.{rest}", BASE64_URL_SAFE_NO_PAD.encode(header.to_string()))
    };
    for (what, token) in [
        ("RS512", Signer::rsa("r1").sign_as(Algorithm::RS512, Some("r1"), &claims)),
        ("PS256", Signer::rsa("r1").sign_as(Algorithm::PS256, Some("r1"), &claims)),
        ("the RSA key under the EC key's id", Signer::rsa("r1").sign_as(Algorithm::RS256, Some("e1"), &claims)),
        ("another key under the same id", Signer::other_ec("e1").sign(&claims)),
        ("alg none", rewritten(json!({ "alg": "none", "kid": "r1" }))),
        ("HS256 over an RSA signature", rewritten(json!({ "alg": "HS256", "kid": "r1" }))),
        ("ES256 over an RSA signature", rewritten(json!({ "alg": "ES256", "kid": "e1" }))),
        ("a critical extension", rewritten(json!({ "alg": "RS256", "kid": "r1", "crit": ["x"] }))),
        ("an embedded key", rewritten(json!({ "alg": "RS256", "kid": "x", "jwk": Signer::other_ec("x").jwk() }))),
        (
            "a key at another address",
            rewritten(json!({ "alg": "RS256", "kid": "x", "jku": "http://127.0.0.1:1/keys" })),
        ),
    ] {
        refuses(&identity, what, &token).await;
    }

    for signer in [Signer::rsa("r1"), Signer::ec("e1")] {
        let jwk: Jwk = serde_json::from_value(signer.jwk()).unwrap();
        let public = [
            signer.jwk().to_string().into_bytes(),
            BASE64_URL_SAFE_NO_PAD.decode(signer.jwk()["n"].as_str().unwrap_or_default()).unwrap(),
            DecodingKey::from_jwk(&jwk).unwrap().try_get_as_bytes().unwrap_or(b"-").to_vec(),
        ];
        for secret in public {
            let header = Header { kid: Some(signer.id.into()), ..Header::new(Algorithm::HS256) };
            let token = encode(&header, &claims, &EncodingKey::from_secret(&secret)).unwrap();
            refuses(&identity, "HS256 with the public key as the secret", &token).await;
        }
    }
}

#[tokio::test]
async fn keys_for_other_uses_are_ignored() {
    let (_, issuer) = deployed().await;
    let jwk = |changes: Value| {
        let mut jwk = Signer::ec("e1").jwk();
        for (name, value) in changes.as_object().unwrap() {
            jwk[name] = value.clone();
        }
        jwk
    };
    for (what, key) in [
        ("for encryption", jwk(json!({ "use": "enc" }))),
        ("for another algorithm", jwk(json!({ "alg": "ES384" }))),
        ("a shared secret", json!({ "kty": "oct", "k": "c2VjcmV0", "kid": "e1", "alg": "HS256" })),
        ("off the curve", jwk(json!({ "x": "AAAA" }))),
        ("not a key", json!("e1")),
    ] {
        issuer.publish([key]);
        refuses(&trusting(&issuer).await, what, &Signer::ec("e1").sign(&claims(&issuer))).await;
    }
    issuer.publish([json!({ "kty": "new", "kid": "x" }), Signer::ec("e1").jwk()]);
    let token = Signer::ec("e1").sign(&claims(&issuer));
    assert!(holder(&trusting(&issuer).await, &token, now()).await.is_ok(), "unknown keys next to it are ignored");
}

#[tokio::test]
async fn a_token_without_a_key_id_is_checked_with_the_only_key_of_its_type() {
    let (identity, issuer) = deployed().await;
    let without_id = Signer::ec("").sign_as(Algorithm::ES256, None, &claims(&issuer));
    assert!(holder(&identity, &without_id, now()).await.is_ok());
    issuer.publish([Signer::ec("e1").jwk(), Signer::other_ec("e2").jwk()]);
    refuses(&trusting(&issuer).await, "there are two keys", &without_id).await;
}

#[tokio::test]
async fn a_new_key_of_the_issuer_is_found_and_unknown_key_ids_cause_one_read_per_minute() {
    let (identity, issuer) = deployed().await;
    let start = now();
    assert!(holder(&identity, &Signer::ec("e1").sign(&claims(&issuer)), start).await.is_ok());

    let rotated = Signer::other_ec("e2").sign(&claims(&issuer));
    let at = start + MINUTE;
    assert_eq!(holder(&identity, &rotated, at).await.unwrap_err().code(), ErrorCode::Unauthorized);
    assert_eq!(issuer.reads(), 2);
    issuer.publish([Signer::ec("e1").jwk(), Signer::other_ec("e2").jwk()]);
    assert!(holder(&identity, &rotated, at + SECOND).await.is_err());
    assert_eq!(issuer.reads(), 2, "the keys were read less than a minute ago");
    assert!(holder(&identity, &rotated, at + MINUTE).await.is_ok());
    assert_eq!(issuer.reads(), 3);

    issuer.publish([Signer::other_ec("e2").jwk()]);
    let withdrawn = holder(&identity, &Signer::ec("e1").sign(&claims(&issuer)), at + MINUTE + HOUR).await;
    assert_eq!(withdrawn.unwrap_err().code(), ErrorCode::Unauthorized, "a withdrawn key counts for at most an hour");
}

#[tokio::test]
async fn a_failing_issuer_makes_sign_in_unavailable_and_no_token_gets_into_the_log() {
    for failure in [Failure::ServerError, Failure::Redirect, Failure::TooLarge, Failure::NotJson, Failure::Timeout] {
        let (identity, issuer) = deployed().await;
        issuer.fail(failure);
        let token = Signer::ec("e1").sign(&claims(&issuer));
        let failed = holder(&identity, &token, now()).await.unwrap_err();
        assert_eq!(failed.code(), ErrorCode::Unavailable, "{failed}");
        let log = failed.to_string();
        assert!(token.split('.').all(|part| !log.contains(part)), "{log}");

        issuer.recover();
        assert!(holder(&identity, &token, now()).await.is_ok(), "{failed}: works once the issuer recovers");
        issuer.fail(failure);
        assert!(holder(&identity, &token, now() + 2 * HOUR).await.is_ok(), "{failed}: known keys still count");
    }
}

#[tokio::test]
async fn an_issuer_that_is_unreachable_renamed_or_without_tls_makes_sign_in_unavailable() {
    let (identity, issuer) = deployed().await;
    let token = Signer::ec("e1").sign(&claims(&issuer));
    issuer.claim_name("https://evil.example");
    let reason = async |identity: &Identity, token: &str| {
        let failed = holder(identity, token, now()).await.unwrap_err();
        assert_eq!(failed.code(), ErrorCode::Unavailable, "{failed}");
        failed.to_string()
    };
    assert!(reason(&identity, &token).await.contains("another issuer"));

    let (identity, issuer) = deployed().await;
    let token = Signer::ec("e1").sign(&claims(&issuer));
    for elsewhere in ["http://keys.example/", "file:///etc/passwd", "http://localhost.evil.example/", "keys"] {
        issuer.move_keys_to(elsewhere);
        assert!(reason(&identity, &token).await.contains("https://"), "{elsewhere}");
    }

    let on_aws = Provider::new(issuer.url.clone(), AUDIENCE.into(), false);
    let identity = Identity { provider: Some(on_aws), ..trusting(&issuer).await };
    assert!(reason(&identity, &token).await.contains("https://"), "plain http is for the stage local only");

    let mut unreachable = issuer;
    unreachable.url = "http://127.0.0.1:1".into();
    let token = Signer::ec("e1").sign(&claims(&unreachable));
    assert!(reason(&trusting(&unreachable).await, &token).await.contains("no connection"));
}

#[tokio::test]
async fn a_person_gets_the_first_valid_name_of_the_token() {
    let (identity, issuer) = deployed().await;
    let name = async |changes: Value| {
        let token = Signer::ec("e1").sign(&with(&issuer, &changes));
        holder(&identity, &token, now()).await.unwrap().name
    };
    let long = "x".repeat(33);
    assert_eq!(name(json!({ "name": "  Ada  " })).await, "Ada");
    assert_eq!(name(json!({ "name": null, "preferred_username": "ada", "email": "a@b.c" })).await, "ada");
    assert_eq!(name(json!({ "name": long, "cognito:username": "ada" })).await, "ada");
    assert_eq!(name(json!({ "name": "a\u{202E}b", "email": "ada@example.org" })).await, "ada");
    assert_eq!(name(json!({ "name": 7, "email": "ada@example.org" })).await, "ada");
    for nameless in [json!({ "name": null }), json!({ "name": " " }), json!({ "name": null, "email": "@" })] {
        let name = name(nameless).await;
        assert!(name.starts_with("Guest ") && name.len() == 10, "{name}");
    }
}
