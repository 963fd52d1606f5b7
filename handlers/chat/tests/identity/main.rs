//! Guest tokens and cursors: a token identifies the same person on every connection, and neither can be forged.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod cursors;
mod rotation;
mod tokens;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use parlor_chat::now;
use parlor_chat::people::identity::{Identity, TokenKeys};
use serde_json::{Value, json};
use support::secrets::Secrets;

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

/// Returns a function that has just started, and the Secrets Manager that it reads.
async fn deployed(secret: &str) -> (Identity, Secrets) {
    let secrets = Secrets::default();
    secrets.put(secret);
    (Identity { guests: secrets.guests("dev").await, provider: None, admits_guests: true }, secrets)
}

fn rotated(current: &str, previous: &str) -> String {
    json!({ "current": current, "previous": previous }).to_string()
}
