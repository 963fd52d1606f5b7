//! Sign-in with an identity provider: tokens of one OpenID provider, checked with the keys that it publishes.

use parlor_protocol::Millis;
use parlor_protocol::person::Person;
use serde::Deserialize;

use super::fetch::Fetcher;
use super::published::{Claims, PublishedKeys, signed_header, text};
use crate::cached::Cached;
use crate::error::{ChatError, Result};

/// How long a key is accepted after the provider has withdrawn it.
const KEYS_AGE: Millis = 60 * 60 * 1000;

/// Checks the tokens of one OpenID provider.
pub struct Provider {
    issuer: String,
    audience: String,
    keys: Cached<PublishedKeys>,
    fetcher: Fetcher,
}

/// OpenID Connect Discovery 1.0, section 3.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl Provider {
    /// `may_be_local` allows plain http to this computer, for local stages.
    pub fn new(issuer: String, audience: String, may_be_local: bool) -> Self {
        Self { issuer, audience, keys: Cached::new(KEYS_AGE), fetcher: Fetcher::new(may_be_local) }
    }

    /// Whether a token claims to be from this provider. The claim is not checked.
    pub fn is_claimed_by(&self, token: &str) -> bool {
        let claims = jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(token);
        claims.is_ok_and(|claims| text(&claims, "iss") == Some(&self.issuer))
    }

    /// Returns the person whom a token of this provider proves.
    ///
    /// # Errors
    /// `unauthorized`; `unavailable` if the provider's keys cannot be read.
    pub async fn person(&self, token: &str, now: Millis) -> Result<Person> {
        let header = signed_header(token)?;
        let keys = self.keys.get(now, |keys| keys.has_key_for(&header), async || self.read().await).await?;
        keys.check(token, &self.issuer, &self.audience)
    }

    async fn read(&self) -> Result<PublishedKeys> {
        let doing = "discover the identity provider";
        let url = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let discovery: Discovery = self.fetcher.json(doing, &url).await?;
        if discovery.issuer != self.issuer {
            return Err(ChatError::Service { doing, reason: "it names another issuer".into() });
        }
        self.fetcher.json("read the identity provider's keys", &discovery.jwks_uri).await
    }
}
