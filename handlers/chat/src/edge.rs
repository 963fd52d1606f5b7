//! Whether a request came through the stage's own CloudFront, and from whose address. Anybody may call the APIs directly and
//! send any header; CloudFront alone has the key that it puts into one.

use std::net::{IpAddr, Ipv6Addr};

use aws_sdk_secretsmanager::Client;
use http::HeaderMap;
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use subtle::ConstantTimeEq;

use crate::error::{ChatError, Result};
use crate::secret::{Pair, Secret};

/// Where CloudFront puts its key. It replaces what a viewer sends under this name.
const KEY_HEADER: &str = "x-parlor-edge";
/// Where CloudFront's function, `cdk/viewer-address.js`, puts the viewer's address, in place of what the viewer sends.
/// Without the key beside it, it means nothing.
const VIEWER_HEADER: &str = "x-parlor-viewer";
const READING: &str = "read the edge keys";

/// Tells CloudFront's requests from all others.
pub struct Edge {
    keys: Secret<EdgeKeys>,
    is_only_way: bool,
}

impl Edge {
    /// `secret_id`: what holds CloudFront's key. `is_only_way`: whether requests that did not come through it are refused,
    /// so that nobody comes past its firewall.
    pub fn new(secrets: Client, secret_id: String, is_only_way: bool) -> Self {
        Self { keys: Secret::new(secrets, secret_id, READING, EdgeKeys::parse), is_only_way }
    }

    /// # Errors
    /// `forbidden` for what came past CloudFront where that is the only way; `unavailable` when the keys cannot be read.
    pub async fn check(&self, headers: &HeaderMap, now: Millis) -> Result<()> {
        if !self.is_only_way || self.passed(headers, now).await? {
            return Ok(());
        }
        Err(ChatError::refused(ErrorCode::Forbidden, "use the page's own address: the APIs answer nobody directly"))
    }

    /// The address that a request counts for: the viewer's where CloudFront says it, otherwise that of whoever called the
    /// API, which `source_ip` is. No other header counts: what `X-Forwarded-For` and `Forwarded` hold behind CloudFront and
    /// API Gateway is not documented. Of IPv6 the network, `2001:db8:1:2::/64`, the least that a line has.
    ///
    /// # Errors
    /// `unavailable` when the keys cannot be read, which is needed only where the request claims to come through CloudFront.
    pub async fn address(&self, headers: &HeaderMap, source_ip: Option<&str>, now: Millis) -> Result<String> {
        let nobody = || ChatError::Service { doing: "read an event", reason: "no address".into() };
        let caller = source_ip.and_then(parse).ok_or_else(nobody)?;
        let viewer = if self.passed(headers, now).await? { viewer(headers) } else { None };
        Ok(network(viewer.unwrap_or(caller)))
    }

    async fn passed(&self, headers: &HeaderMap, now: Millis) -> Result<bool> {
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

    /// Takes as long for a key that is nearly right as for any other of its length.
    fn contains(&self, key: &[u8]) -> bool {
        self.0.all().any(|ours| ours.as_bytes().ct_eq(key).into())
    }
}

/// Whom CloudFront forwarded a request for, where it says exactly one address.
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
