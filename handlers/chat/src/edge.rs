//! Whether a request came through the stage's own CloudFront, and from which address. Anyone can call the APIs directly
//! and send any header, but only CloudFront knows the key that it sends in one.

use std::net::{IpAddr, Ipv6Addr};

use aws_sdk_secretsmanager::Client;
use http::HeaderMap;
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use subtle::ConstantTimeEq;

use crate::error::{ChatError, Result};
use crate::secret::{Pair, Secret};

/// The header with CloudFront's key. CloudFront replaces a viewer's header of this name.
const KEY_HEADER: &str = "x-parlor-edge";
/// The header in which CloudFront's function, `cdk/viewer-address.js`, sends the viewer's address. It replaces a
/// viewer's header of this name. Without the key, it means nothing.
const VIEWER_HEADER: &str = "x-parlor-viewer";
const READING: &str = "read the edge keys";

/// Recognizes requests from CloudFront.
pub struct Edge {
    keys: Secret<EdgeKeys>,
    is_only_way: bool,
}

impl Edge {
    /// `secret_id` names the secret with CloudFront's key. `is_only_way` refuses all other requests, so that nobody
    /// bypasses the firewall.
    pub fn new(secrets: Client, secret_id: String, is_only_way: bool) -> Self {
        Self { keys: Secret::new(secrets, secret_id, READING, EdgeKeys::parse), is_only_way }
    }

    /// Checks that a request may enter.
    ///
    /// # Errors
    /// `forbidden` if CloudFront is the only way and the request did not come through it; `unavailable` if the keys
    /// cannot be read.
    pub async fn check(&self, headers: &HeaderMap, now: Millis) -> Result<()> {
        if !self.is_only_way || self.came_through_cloudfront(headers, now).await? {
            return Ok(());
        }
        Err(ChatError::refused(ErrorCode::Forbidden, "use the page's address: the APIs do not accept direct requests"))
    }

    /// Returns the address that a request counts for: the viewer's if CloudFront sends it, and otherwise `source_ip`,
    /// which called the API. No other header counts: it is not documented what `X-Forwarded-For` and `Forwarded` hold
    /// behind CloudFront and API Gateway. For IPv6, returns the network, such as `2001:db8:1:2::/64`: a /64 is the
    /// least that an access line gets.
    ///
    /// # Errors
    /// `unavailable` if the keys cannot be read. They are read only if the request claims to come through CloudFront.
    pub async fn address(&self, headers: &HeaderMap, source_ip: Option<&str>, now: Millis) -> Result<String> {
        let no_address = || ChatError::Service { doing: "read an event", reason: "no address".into() };
        let caller = source_ip.and_then(parse).ok_or_else(no_address)?;
        let viewer = if self.came_through_cloudfront(headers, now).await? { viewer(headers) } else { None };
        Ok(network(viewer.unwrap_or(caller)))
    }

    async fn came_through_cloudfront(&self, headers: &HeaderMap, now: Millis) -> Result<bool> {
        let Some(key) = headers.get(KEY_HEADER) else { return Ok(false) };
        let keys = self.keys.get(now, |keys| keys.contains(key.as_bytes())).await?;
        Ok(keys.contains(key.as_bytes()))
    }
}

struct EdgeKeys(Pair);

impl EdgeKeys {
    fn parse(secret: &str) -> Result<Self> {
        Pair::parse(READING, secret).map(Self)
    }

    /// Compares in constant time.
    fn contains(&self, key: &[u8]) -> bool {
        self.0.all().any(|ours| ours.as_bytes().ct_eq(key).into())
    }
}

/// Returns the viewer's address, if CloudFront sent exactly one.
fn viewer(headers: &HeaderMap) -> Option<IpAddr> {
    let mut lines = headers.get_all(VIEWER_HEADER).iter();
    let (line, more) = (lines.next()?, lines.next());
    if more.is_some() { None } else { parse(line.to_str().ok()?) }
}

fn parse(text: &str) -> Option<IpAddr> {
    text.parse().ok().map(|address: IpAddr| address.to_canonical())
}

fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}
