//! Posting to addresses that a room's owner chose. Whoever may choose an address must reach nothing through the function
//! that they could not reach themselves: so it connects only to addresses of the Internet, with TLS.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use http::Uri;
use parlor_protocol::Millis;
use parlor_protocol::limits::TELLING_TAKES;
use tokio::net::lookup_host;
use tokio::time::timeout;

use super::tell::Letter;

/// How an address must begin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scheme {
    /// `https://`.
    Https,
    /// That, or `http://` and an address of this machine. Only for the local cloud.
    OrLoopback,
}

/// Takes letters to programs.
pub struct Courier {
    pub scheme: Scheme,
    connector: SharedHttpConnector,
}

impl Scheme {
    /// Returns the host of an address that messages can be posted to.
    ///
    /// # Errors
    /// What is wrong with the address.
    pub fn host(self, url: &str) -> Result<String, &'static str> {
        let uri: Uri = url.parse().map_err(|_| "must be an address, in ASCII")?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err("must begin with https://");
        };
        // `http::Uri` drops a fragment.
        if authority.as_str().contains('@') || url.contains('#') {
            return Err("must have neither a user nor a fragment");
        }
        let host = authority.host();
        let literal: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
        match (scheme, literal) {
            ("http", Some(address)) if self == Self::OrLoopback && address.is_loopback() => Ok(host.to_owned()),
            ("https", _) if authority.port().is_some_and(|port| port.as_u16() != 443) => Err("must have the port 443"),
            ("https", Some(address)) if !is_of_the_internet(address) => Err("must be an address of the Internet"),
            ("https", None) if !host.contains('.') => Err("must have a full host name"),
            ("https", _) => Ok(host.to_ascii_lowercase()),
            _ => Err("must begin with https://"),
        }
    }
}

impl Courier {
    pub fn new(scheme: Scheme) -> Self {
        let tls = tls::Provider::Rustls(CryptoMode::Ring);
        let connector = Connector::builder().tls_provider(tls).build_with_resolver(Internet);
        Self { scheme, connector: SharedHttpConnector::new(connector) }
    }

    /// Posts a letter. Follows no redirect, and reads nothing of the answer but its status. A program that says that it will
    /// never take it (410) is not told again.
    ///
    /// # Errors
    /// Why the program does not have it. It contains no address.
    pub async fn post(&self, letter: &Letter, now: Millis) -> Result<(), String> {
        self.scheme.host(&letter.url).map_err(|_| "an address that is not allowed")?;
        let request = request(letter, now).ok_or("request not built")?;
        let response = timeout(TELLING_TAKES, self.connector.call(request)).await.map_err(|_| "timeout")?;
        match response.map_err(|_| "no connection")?.status().as_u16() {
            200..=299 | 410 => Ok(()),
            status => Err(format!("status {status}")),
        }
    }
}

fn request(letter: &Letter, now: Millis) -> Option<HttpRequest> {
    let timestamp = now / 1000;
    let request = http::Request::post(&letter.url)
        .header("content-type", "application/json")
        .header("user-agent", "Parlor")
        .header("webhook-id", &letter.id)
        .header("webhook-timestamp", timestamp.to_string())
        .header("webhook-signature", letter.signature(timestamp).ok()?);
    request.body(SdkBody::from(letter.body.as_str())).ok()?.try_into().ok()
}

/// Finds the addresses of a host, all of which must be of the Internet. What is connected to is what was checked.
#[derive(Clone, Debug)]
struct Internet;

impl ResolveDns for Internet {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let found = lookup_host((name, 443)).await.map_err(ResolveDnsError::new)?;
            let addresses: Vec<IpAddr> = found.map(|address| address.ip()).collect();
            if addresses.iter().copied().all(is_of_the_internet) {
                Ok(addresses)
            } else {
                Err(ResolveDnsError::new("an address that is not of the Internet"))
            }
        })
    }
}

/// Whether an address belongs to a host of the public Internet, as the registries of special addresses have it:
/// <https://www.iana.org/assignments/iana-ipv4-special-registry>, <https://www.iana.org/assignments/iana-ipv6-special-registry>.
pub fn is_of_the_internet(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|&(network, bits)| is_in_v4(address, network, bits)),
        // All that is assigned to hosts is in 2000::/3. So addresses that stand for one of IPv4 (mapped, or translated) are not.
        IpAddr::V6(address) => {
            is_in_v6(address, Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3)
                && !SPECIAL_V6.iter().any(|&(network, bits)| is_in_v6(address, network, bits))
        }
    }
}

const SPECIAL_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast.
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    // Reserved, and the broadcast.
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

const SPECIAL_V6: [(Ipv6Addr, u32); 4] = [
    // Protocols, among them Teredo, which stands for addresses of IPv4.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    // 6to4, which stands for addresses of IPv4.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

fn is_in_v4(address: Ipv4Addr, network: Ipv4Addr, bits: u32) -> bool {
    (address.to_bits() ^ network.to_bits()).leading_zeros() >= bits
}

fn is_in_v6(address: Ipv6Addr, network: Ipv6Addr, bits: u32) -> bool {
    (address.to_bits() ^ network.to_bits()).leading_zeros() >= bits
}
