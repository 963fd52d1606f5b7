//! Guest tokens and an identity provider's tokens. One line is a token; two are a header and claims, which are then signed.

use jsonwebtoken::Algorithm;
use parlor_chat::now;
use serde_json::Value;

use crate::signers::{AUDIENCE, EC, GUEST, ISSUER, PREVIOUS_GUEST, SIGNED, STAGE, Signer, guest_keys, published_keys};

pub fn read(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match text.split_once('\n') {
        None => token(&text),
        Some((header, claims)) => {
            signed(header, claims);
        }
    }
}

/// An accepted token was signed by a known key.
fn token(token: &str) {
    let (message, signature) = token.rsplit_once('.').unwrap_or_default();
    guest_keys().has_key_for(token);
    if guest_keys().check(token, STAGE).is_ok() {
        let by = |signer: &Signer| signer.signature(message) == signature;
        assert!(by(&GUEST) || by(&PREVIOUS_GUEST), "accepted a forged token");
    }
    if published_keys().check(token, ISSUER, AUDIENCE).is_ok() {
        let is_of = |known: &String| known.rsplit_once('.').is_some_and(|(known, _)| known == message);
        assert!(SIGNED.iter().any(is_of), "accepted a forged token");
    }
}

/// An accepted token has the right algorithm and the required claims.
fn signed(header: &str, claims: &str) {
    let by_guest = GUEST.sign(header, claims);
    guest_keys().has_key_for(&by_guest);
    if let Ok(person) = guest_keys().check(&by_guest, STAGE) {
        let claims = Claims::of(&GUEST, header, claims);
        assert_eq!(claims.text("aud"), Some(STAGE));
        assert_eq!(claims.text("sub"), Some(&*person.user_id));
        assert_eq!(claims.text("name"), Some(&*person.name));
    }
    assert!(published_keys().check(&by_guest, ISSUER, AUDIENCE).is_err(), "the provider accepts a guest key");
    // Signing is slow, and with any other header the signature is not checked.
    if !serde_json::from_str::<Value>(header).is_ok_and(|header| header["alg"] == "ES256") {
        return;
    }
    let by_provider = EC.sign(header, claims);
    if published_keys().check(&by_provider, ISSUER, AUDIENCE).is_ok() {
        let claims = Claims::of(&EC, header, claims);
        assert_eq!(claims.text("iss"), Some(ISSUER));
        assert!(claims.text("sub").is_some_and(|sub| !sub.is_empty()));
        assert!(match &claims.0["aud"] {
            Value::Array(audiences) => audiences.iter().any(|audience| audience == AUDIENCE),
            Value::Null => claims.text("client_id") == Some(AUDIENCE),
            audience => audience == AUDIENCE,
        });
    }
    assert!(guest_keys().check(&by_provider, STAGE).is_err(), "guest tokens accept a provider's key");
}

struct Claims(Value);

impl Claims {
    /// Returns the claims of an accepted token, and checks its header and times.
    fn of(signer: &Signer, header: &str, claims: &str) -> Self {
        let header: Value = serde_json::from_str(header).unwrap();
        let algorithm: Algorithm = serde_json::from_value(header["alg"].clone()).unwrap();
        assert_eq!(algorithm, signer.algorithm);
        assert!(header.get("crit").is_none_or(Value::is_null));
        let claims = Self(serde_json::from_str(claims).unwrap());
        let seconds = (now() / 1000) as f64;
        assert!(claims.0["exp"].as_f64().is_some_and(|exp| exp > seconds - 62.0), "the token has expired");
        assert!(claims.0["nbf"].as_f64().is_none_or(|nbf| nbf < seconds + 62.0), "the token is not valid yet");
        claims
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0[name].as_str()
    }
}
