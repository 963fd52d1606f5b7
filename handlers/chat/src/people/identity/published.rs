//! The keys that an OpenID provider publishes, and checking its tokens with them.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, decode};
use parlor_protocol::person::Person;
use parlor_protocol::text::PersonName;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::ids::{derived_id, guest_name};
use super::{header_of, unauthorized, validation};
use crate::error::Result;

/// The claims that may hold a name, best first. Of an e-mail address, only the part before the `@` is used: the rest is
/// private.
const NAMES: [&str; 4] = ["name", "preferred_username", "cognito:username", "email"];

pub(super) type Claims = Map<String, Value>;

/// The usable keys of a JSON Web Key Set (RFC 7517).
#[derive(Deserialize)]
#[serde(from = "KeySet")]
pub struct PublishedKeys(Vec<Key>);

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

struct Key {
    id: Option<String>,
    /// The only algorithm that this key is used with, whatever a token says.
    algorithm: Algorithm,
    checking: DecodingKey,
}

impl From<KeySet> for PublishedKeys {
    fn from(set: KeySet) -> Self {
        Self(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok().and_then(Key::new)).collect())
    }
}

impl PublishedKeys {
    /// Returns the person whom a token of this issuer and for this audience proves.
    ///
    /// # Errors
    /// `unauthorized` if the token is not valid, without the reason.
    pub fn check(&self, token: &str, issuer: &str, audience: &str) -> Result<Person> {
        let key = self.find(&signed_header(token)?).ok_or_else(unauthorized)?;
        let mut validation = validation(key.algorithm);
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        // Checked below: not every provider puts the audience where the library looks.
        validation.validate_aud = false;
        let claims = decode::<Claims>(token, &key.checking, &validation).map_err(|_| unauthorized())?.claims;
        // The library accepts a list of issuers if one of them matches.
        let is_issuer = text(&claims, "iss") == Some(issuer);
        match text(&claims, "sub") {
            Some(sub) if !sub.is_empty() && is_issuer && is_for(&claims, audience) => {
                Ok(describe(issuer, sub, &claims))
            }
            _ => Err(unauthorized()),
        }
    }

    /// Whether a token with this header can be checked: if not, the keys may have been rotated since they were read.
    pub(super) fn has_key_for(&self, header: &Header) -> bool {
        self.find(header).is_some()
    }

    /// Returns the key that a token names. If it names none, returns the only key for its algorithm.
    fn find(&self, header: &Header) -> Option<&Key> {
        let mut fitting = self.0.iter().filter(|key| key.algorithm == header.alg);
        match (&header.kid, fitting.clone().count()) {
            (Some(kid), _) => fitting.find(|key| key.id.as_ref() == Some(kid)),
            (None, 1) => fitting.next(),
            (None, _) => None,
        }
    }
}

impl Key {
    /// Reads a key for RS256 or ES256 signatures. Returns `None` for other keys, which a provider may publish too.
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

/// Reads the header of a token that a published key may have signed.
pub(super) fn signed_header(token: &str) -> Result<Header> {
    let header = header_of(token)?;
    if matches!(header.alg, Algorithm::RS256 | Algorithm::ES256) { Ok(header) } else { Err(unauthorized()) }
}

pub(super) fn text<'a>(claims: &'a Claims, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str)
}

/// Whether a token is for this audience. Amazon Cognito's access tokens have no `aud` and name the client in
/// `client_id`.
fn is_for(claims: &Claims, audience: &str) -> bool {
    match claims.get("aud") {
        Some(Value::Array(audiences)) => audiences.iter().any(|one| one == audience),
        Some(one) => one == audience,
        None => text(claims, "client_id") == Some(audience),
    }
}

fn describe(issuer: &str, sub: &str, claims: &Claims) -> Person {
    let user_id = derived_id("person", &[issuer.as_bytes(), sub.as_bytes()]);
    let names = NAMES.iter().filter_map(|claim| text(claims, claim).map(|name| (*claim, name)));
    let name = names
        .map(|(claim, name)| if claim == "email" { name.split('@').next().unwrap_or_default() } else { name })
        .find_map(|name| PersonName::try_from(name.to_owned()).ok());
    Person { name: name.map_or_else(|| guest_name(&user_id), String::from), user_id }
}
