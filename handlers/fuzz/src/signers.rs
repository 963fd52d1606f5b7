//! Keys that exist for tests only, and tokens signed with them.

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use parlor_chat::people::identity::{PublishedKeys, TokenKeys};
use serde_json::{Value, json};

pub const STAGE: &str = "dev";
pub const ISSUER: &str = "https://issuer.example";
pub const AUDIENCE: &str = "parlor-client";

const CURRENT: &str = "0123456789abcdef0123456789abcdef";
const PREVIOUS: &str = "fedcba9876543210fedcba9876543210";

static GUEST_KEYS: LazyLock<TokenKeys> =
    LazyLock::new(|| TokenKeys::parse(&json!({ "current": CURRENT, "previous": PREVIOUS }).to_string()).unwrap());
static PREVIOUS_GUEST_KEYS: LazyLock<TokenKeys> = LazyLock::new(|| TokenKeys::parse(PREVIOUS).unwrap());
static PUBLISHED: LazyLock<PublishedKeys> = LazyLock::new(|| serde_json::from_value(key_set()).unwrap());

pub fn guest_keys() -> &'static TokenKeys {
    &GUEST_KEYS
}

pub fn previous_guest_keys() -> &'static TokenKeys {
    &PREVIOUS_GUEST_KEYS
}

pub fn published_keys() -> &'static PublishedKeys {
    &PUBLISHED
}

pub struct Signer {
    pub algorithm: Algorithm,
    key: EncodingKey,
}

pub static GUEST: LazyLock<Signer> =
    LazyLock::new(|| Signer { algorithm: Algorithm::HS256, key: EncodingKey::from_secret(CURRENT.as_bytes()) });
pub static PREVIOUS_GUEST: LazyLock<Signer> =
    LazyLock::new(|| Signer { algorithm: Algorithm::HS256, key: EncodingKey::from_secret(PREVIOUS.as_bytes()) });
pub static EC: LazyLock<Signer> = LazyLock::new(|| Signer {
    algorithm: Algorithm::ES256,
    key: EncodingKey::from_ec_der(include_bytes!("../../chat/tests/keys/ec-1.der")),
});
pub static RSA: LazyLock<Signer> = LazyLock::new(|| Signer {
    algorithm: Algorithm::RS256,
    key: EncodingKey::from_rsa_der(include_bytes!("../../chat/tests/keys/rsa.der")),
});

impl Signer {
    /// Signs a token with any header and claims.
    pub fn sign(&self, header: &str, claims: &str) -> String {
        let [header, claims] = [header, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
        let message = format!("{header}.{claims}");
        let signature = self.signature(&message);
        format!("{message}.{signature}")
    }

    pub fn signature(&self, message: &str) -> String {
        crypto::sign(message.as_bytes(), &self.key, self.algorithm).unwrap()
    }

    fn jwk(&self, id: &str) -> Value {
        let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&self.key, self.algorithm).unwrap()).unwrap();
        jwk["kid"] = json!(id);
        jwk["use"] = json!("sig");
        jwk
    }
}

pub fn key_set() -> Value {
    json!({ "keys": [RSA.jwk("r1"), EC.jwk("e1")] })
}

/// Valid tokens of the identity provider. They expire in the year 2100.
pub static SIGNED: LazyLock<[String; 2]> = LazyLock::new(|| {
    let claims =
        json!({ "iss": ISSUER, "sub": "248289761001", "aud": AUDIENCE, "exp": 4_102_444_800_u64, "name": "Ada" });
    let sign =
        |signer: &Signer, alg, kid| signer.sign(&json!({ "alg": alg, "kid": kid }).to_string(), &claims.to_string());
    [sign(&RSA, "RS256", "r1"), sign(&EC, "ES256", "e1")]
});
