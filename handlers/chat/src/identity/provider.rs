//! People who sign in elsewhere: tokens of one OpenID provider, checked with the keys that it publishes.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, decode};
use parlor_protocol::Millis;
use parlor_protocol::person::Person;
use parlor_protocol::text::PersonName;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::fetch::Fetcher;
use super::ids::{derived_id, guest_name};
use super::{header_of, unauthorized, validation};
use crate::error::{ChatError, Result};
use crate::kept::Kept;

/// How long a key counts after the provider has withdrawn it.
const KEYS_AGE: Millis = 60 * 60 * 1000;
/// Where a name may be, the best first. Of an address only what is before the `@`: the rest is nobody's business.
const NAMES: [&str; 4] = ["name", "preferred_username", "cognito:username", "email"];

type Claims = Map<String, Value>;

/// Checks the tokens of one OpenID provider.
pub struct Provider {
    issuer: String,
    audience: String,
    keys: Kept<Vec<Key>>,
    fetcher: Fetcher,
}

struct Key {
    id: Option<String>,
    /// The only one that this key is used with, whatever a token says.
    algorithm: Algorithm,
    checking: DecodingKey,
}

/// OpenID Connect Discovery 1.0, section 3.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

impl Provider {
    /// `may_be_local`: whether plain http to this computer is good enough, to try things out.
    pub fn new(issuer: String, audience: String, may_be_local: bool) -> Self {
        Self { issuer, audience, keys: Kept::new(KEYS_AGE), fetcher: Fetcher::new(may_be_local) }
    }

    /// Whether a token claims to be of this provider. Nothing is checked.
    pub fn is_claimed_by(&self, token: &str) -> bool {
        let claims = jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(token);
        claims.is_ok_and(|claims| text(&claims, "iss") == Some(&self.issuer))
    }

    /// Whom a token of this provider proves.
    ///
    /// # Errors
    /// `unauthorized`; `unavailable` when the provider's keys cannot be had.
    pub async fn person(&self, token: &str, now: Millis) -> Result<Person> {
        let header = header_of(token)?;
        if !matches!(header.alg, Algorithm::RS256 | Algorithm::ES256) {
            return Err(unauthorized());
        }
        let keys = self.keys.get(now, |keys| find(keys, &header).is_some(), async || self.read().await).await?;
        let key = find(&keys, &header).ok_or_else(unauthorized)?;

        let mut validation = validation(key.algorithm);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        // Checked below: not every provider writes its audience where the library looks.
        validation.validate_aud = false;
        let claims = decode::<Claims>(token, &key.checking, &validation).map_err(|_| unauthorized())?.claims;
        match text(&claims, "sub") {
            Some(sub) if !sub.is_empty() && self.is_issuer(&claims) && self.is_audience(&claims) => {
                Ok(self.describe(sub, &claims))
            }
            _ => Err(unauthorized()),
        }
    }

    /// The library lets a list of issuers pass, of which one is right.
    fn is_issuer(&self, claims: &Claims) -> bool {
        text(claims, "iss") == Some(&self.issuer)
    }

    /// Amazon Cognito's access tokens have no `aud`, and name the client in `client_id`.
    fn is_audience(&self, claims: &Claims) -> bool {
        match claims.get("aud") {
            Some(Value::Array(audiences)) => audiences.iter().any(|audience| *audience == self.audience),
            Some(audience) => *audience == self.audience,
            None => text(claims, "client_id") == Some(&self.audience),
        }
    }

    fn describe(&self, sub: &str, claims: &Claims) -> Person {
        let user_id = derived_id("person", &[self.issuer.as_bytes(), sub.as_bytes()]);
        let names = NAMES.iter().filter_map(|claim| text(claims, claim).map(|name| (*claim, name)));
        let name = names
            .map(|(claim, name)| if claim == "email" { name.split('@').next().unwrap_or_default() } else { name })
            .find_map(|name| PersonName::try_from(name.to_owned()).ok());
        Person { name: name.map_or_else(|| guest_name(&user_id), String::from), user_id }
    }

    async fn read(&self) -> Result<Vec<Key>> {
        let doing = "discover the identity provider";
        let url = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let discovery: Discovery = self.fetcher.json(doing, &url).await?;
        if discovery.issuer != self.issuer {
            return Err(ChatError::Service { doing, reason: "it calls itself by another name".into() });
        }
        let set: KeySet = self.fetcher.json("read the identity provider's keys", &discovery.jwks_uri).await?;
        Ok(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok().and_then(Key::new)).collect())
    }
}

impl Key {
    /// A key for RS256 or ES256 signatures; none for any other, which the provider may well publish beside them.
    fn new(jwk: Jwk) -> Option<Self> {
        let (algorithm, name) = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
            AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
                (Algorithm::ES256, KeyAlgorithm::ES256)
            }
            _ => return None,
        };
        let common = &jwk.common;
        let signs = common.public_key_use.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature)
            && common.key_algorithm.is_none_or(|algorithm| algorithm == name);
        let checking = DecodingKey::from_jwk(&jwk).ok().filter(|_| signs)?;
        Some(Self { id: jwk.common.key_id, algorithm, checking })
    }
}

/// The key that a token names, or the only one there is where it names none.
fn find<'a>(keys: &'a [Key], header: &Header) -> Option<&'a Key> {
    let mut fitting = keys.iter().filter(|key| key.algorithm == header.alg);
    match (&header.kid, fitting.clone().count()) {
        (Some(kid), _) => fitting.find(|key| key.id.as_ref() == Some(kid)),
        (None, 1) => fitting.next(),
        (None, _) => None,
    }
}

fn text<'a>(claims: &'a Claims, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str)
}
