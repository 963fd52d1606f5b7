//! Whether a request came through the stage's own CloudFront, and from whose address. Anybody may call the APIs directly and
//! send any header; CloudFront alone has the key that it puts into one.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use aws_sdk_secretsmanager::Client;
use http::HeaderMap;
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use subtle::ConstantTimeEq;

use crate::error::{ChatError, Result};
use crate::secret::{Pair, Secret};

/// Where CloudFront puts its key. It replaces what a viewer sends under this name.
const KEY_HEADER: &str = "x-parlor-edge";
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
    /// API, which `source_ip` is. Of IPv6 the network, `2001:db8:1:2::/64`, the least that a line has.
    ///
    /// # Errors
    /// `unavailable` when the keys cannot be read, which is needed only where the request claims to come through CloudFront.
    pub async fn address(&self, headers: &HeaderMap, source_ip: Option<&str>, now: Millis) -> Result<String> {
        let nobody = || ChatError::Service { doing: "read an event", reason: "no address".into() };
        let caller = source_ip.and_then(|ip| parse(ip.as_bytes())).ok_or_else(nobody)?;
        let viewer = if self.passed(headers, now).await? { viewer(headers, caller) } else { None };
        Ok(network(viewer.unwrap_or(caller)))
    }

    async fn passed(&self, headers: &HeaderMap, now: Millis) -> Result<bool> {
        let Some(key) = headers.get(KEY_HEADER) else { return Ok(false) };
        let keys = self.keys.get(now, |keys| keys.know(key.as_bytes())).await?;
        Ok(keys.know(key.as_bytes()))
    }
}

struct EdgeKeys(Pair);

impl EdgeKeys {
    fn parse(secret: &str) -> Result<Self> {
        Pair::parse(READING, secret).map(Self)
    }

    /// Takes as long for a key that is nearly right as for any other of its length.
    fn know(&self, key: &[u8]) -> bool {
        self.0.all().any(|ours| ours.as_bytes().ct_eq(key).into())
    }
}

/// Whom CloudFront forwarded a request for. It puts the viewer's address behind those that the viewer claims, and then API
/// Gateway puts there the address of its own caller, which is CloudFront.
fn viewer(headers: &HeaderMap, caller: IpAddr) -> Option<IpAddr> {
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let mut addresses = lines.flat_map(|line| line.as_bytes().rsplit(|&byte| byte == b',')).map(parse);
    let last = addresses.next()?;
    if last == Some(caller) { addresses.next()? } else { last }
}

/// An address, with a port or without.
fn parse(text: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(text).ok()?.trim();
    let address = text.parse().or_else(|_| text.parse().map(|socket: SocketAddr| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
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
