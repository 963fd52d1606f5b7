//! CloudFront authenticates itself with a key. Without the key no address header counts, and a stage with a firewall refuses
//! the request.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod support;

use http::{HeaderMap, HeaderName, HeaderValue};
use parlor_chat::edge::Edge;
use parlor_protocol::error::ErrorCode;
use serde_json::json;

use self::support::MINUTE;
use self::support::secrets::Secrets;

const KEY: &str = "0123456789abcdef0123456789abcdef";
const NEXT_KEY: &str = "fedcba9876543210fedcba9876543210";
const START: u64 = 1_800_000_000_000;
/// The source address that API Gateway reports: CloudFront's, or that of a client that calls the API directly.
const SOURCE_IP: &str = "198.51.100.7";

/// Returns a function that has just started, and the Secrets Manager that it reads.
async fn deployed(is_required: bool) -> (Edge, Secrets) {
    let secrets = Secrets::default();
    secrets.put(json!({ "current": KEY }).to_string());
    (secrets.edge(is_required).await, secrets)
}

fn headers(pairs: &[(&'static str, &[u8])]) -> HeaderMap {
    let header = |&(name, value): &(&'static str, &[u8])| {
        (HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap())
    };
    pairs.iter().map(header).collect()
}

fn with_key(key: &str) -> HeaderMap {
    headers(&[("x-parlor-edge", key.as_bytes())])
}

fn with_viewer(key: &str, viewer: &[u8]) -> HeaderMap {
    headers(&[("x-parlor-edge", key.as_bytes()), ("x-parlor-viewer", viewer)])
}

/// Address headers that proxies write and that any client can forge.
const FORGEABLE: [(&str, &[u8]); 6] = [
    ("x-forwarded-for", b"192.0.2.1, 198.51.100.7"),
    ("forwarded", b"for=192.0.2.1;by=198.51.100.7;proto=https"),
    ("x-real-ip", b"192.0.2.1"),
    ("true-client-ip", b"192.0.2.1"),
    ("cloudfront-viewer-address", b"192.0.2.1:443"),
    ("x-amzn-source-ip", b"192.0.2.1"),
];

async fn counted_address(edge: &Edge, headers: &HeaderMap, source_ip: &str) -> String {
    edge.address(headers, Some(source_ip), START).await.unwrap()
}

#[tokio::test]
async fn through_cloudfront_only_the_viewer_header_decides_the_address() {
    let (edge, _) = deployed(false).await;
    for (viewer, address) in [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
    ] {
        let mut headers = with_viewer(KEY, viewer.as_bytes());
        assert_eq!(counted_address(&edge, &headers, SOURCE_IP).await, address, "{viewer}");
        headers.extend(self::headers(&FORGEABLE));
        assert_eq!(counted_address(&edge, &headers, SOURCE_IP).await, address, "{viewer}, with forged headers");
    }
}

#[tokio::test]
async fn a_direct_request_counts_for_its_own_address_whatever_headers_it_sends() {
    let (edge, secrets) = deployed(false).await;
    let mut direct = headers(&FORGEABLE);
    direct.extend(headers(&[("x-parlor-viewer", b"192.0.2.1")]));
    assert_eq!(counted_address(&edge, &direct, SOURCE_IP).await, SOURCE_IP);
    assert_eq!(counted_address(&edge, &direct, "2001:db8:1:2:3:4:5:6").await, "2001:db8:1:2::/64");
    assert_eq!(secrets.reads(), 0, "without a key header, no secret is read");
    for key in ["", NEXT_KEY, &KEY[1..], &format!("{KEY}0"), &KEY.to_uppercase(), &format!("{KEY},{KEY}")] {
        assert_eq!(counted_address(&edge, &with_viewer(key, b"192.0.2.1"), SOURCE_IP).await, SOURCE_IP, "{key}");
    }
}

#[tokio::test]
async fn without_a_valid_viewer_header_the_source_address_counts_and_without_that_the_request_fails() {
    let (edge, _) = deployed(false).await;
    let mut no_viewer = with_key(KEY);
    no_viewer.extend(headers(&FORGEABLE));
    assert_eq!(counted_address(&edge, &no_viewer, SOURCE_IP).await, SOURCE_IP);
    for invalid in [
        b"".as_slice(),
        b",",
        b"nonsense",
        b"203.0.113.9, 192.0.2.1",
        b"203.0.113.9,",
        b" 203.0.113.9",
        b"203.0.113.9:443",
        b"[2001:db8:1:2::9]:443",
        b"203.0.113.256",
        b"203.0.113",
        b"\xe4\xff",
    ] {
        assert_eq!(counted_address(&edge, &with_viewer(KEY, invalid), SOURCE_IP).await, SOURCE_IP, "{invalid:?}");
    }
    let two = headers(&[
        ("x-parlor-edge", KEY.as_bytes()),
        ("x-parlor-viewer", b"192.0.2.1"),
        ("x-parlor-viewer", b"203.0.113.9"),
    ]);
    assert_eq!(counted_address(&edge, &two, SOURCE_IP).await, SOURCE_IP);
    for source_ip in [None, Some("nonsense"), Some("")] {
        let refused = edge.address(&with_key(KEY), source_ip, START).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Unavailable);
    }
}

#[tokio::test]
async fn a_stage_with_a_firewall_answers_only_cloudfront() {
    let (edge, _) = deployed(true).await;
    assert!(edge.check(&with_key(KEY), START).await.is_ok());
    for refused in
        [HeaderMap::new(), with_key(""), with_key(NEXT_KEY), with_key(&KEY[1..]), with_key(&KEY.to_uppercase())]
    {
        assert_eq!(edge.check(&refused, START).await.unwrap_err().code(), ErrorCode::Forbidden, "{refused:?}");
    }
}

#[tokio::test]
async fn a_stage_without_a_firewall_answers_every_request_and_reads_no_key() {
    let (edge, secrets) = deployed(false).await;
    for headers in [HeaderMap::new(), with_key(KEY), with_key(NEXT_KEY)] {
        assert!(edge.check(&headers, START).await.is_ok());
    }
    assert_eq!(secrets.reads(), 0);
}

#[tokio::test]
async fn both_keys_count_during_a_rotation_and_the_old_one_stops_counting_afterwards() {
    let (edge, secrets) = deployed(true).await;
    edge.check(&with_key(KEY), START).await.unwrap();
    secrets.put(json!({ "current": NEXT_KEY, "previous": KEY }).to_string());
    let soon = START + MINUTE;
    assert!(edge.check(&with_key(NEXT_KEY), soon).await.is_ok(), "a warm function reads the secret again");
    assert!(edge.check(&with_key(KEY), soon).await.is_ok());
    secrets.put(json!({ "current": NEXT_KEY }).to_string());
    let later = START + 10 * MINUTE;
    assert_eq!(edge.check(&with_key(KEY), later).await.unwrap_err().code(), ErrorCode::Forbidden);
}

#[tokio::test]
async fn unknown_keys_cause_one_read_per_minute_and_an_unreadable_secret_is_unavailable() {
    let (edge, secrets) = deployed(true).await;
    for at in [START, START + 1, START + MINUTE - 1] {
        edge.check(&with_key(NEXT_KEY), at).await.unwrap_err();
    }
    assert_eq!(secrets.reads(), 1);

    let (edge, secrets) = deployed(true).await;
    secrets.remove();
    assert_eq!(edge.check(&with_key(KEY), START).await.unwrap_err().code(), ErrorCode::Unavailable);
    assert_eq!(edge.address(&with_key(KEY), Some(SOURCE_IP), START).await.unwrap_err().code(), ErrorCode::Unavailable);
}
