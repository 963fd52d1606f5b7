//! CloudFront proves itself by a key; without it nobody is believed about an address, and behind a firewall nobody let in.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by stopping"
)]

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
/// Of CloudFront, or of whoever calls the API directly.
const CALLER: &str = "198.51.100.7";

/// A function that has just started, and the Secrets Manager that it reads.
async fn deployed(is_only_way: bool) -> (Edge, Secrets) {
    let secrets = Secrets::default();
    secrets.put(json!({ "current": KEY }).to_string());
    (secrets.edge(is_only_way).await, secrets)
}

fn headers(pairs: &[(&'static str, &[u8])]) -> HeaderMap {
    let header = |&(name, value): &(&'static str, &[u8])| {
        (HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap())
    };
    pairs.iter().map(header).collect()
}

fn by(key: &str) -> HeaderMap {
    headers(&[("x-parlor-edge", key.as_bytes())])
}

fn for_viewer(key: &str, viewer: &[u8]) -> HeaderMap {
    headers(&[("x-parlor-edge", key.as_bytes()), ("x-parlor-viewer", viewer)])
}

/// What anybody may send, and what proxies write.
const CLAIMS: [(&str, &[u8]); 6] = [
    ("x-forwarded-for", b"192.0.2.1, 198.51.100.7"),
    ("forwarded", b"for=192.0.2.1;by=198.51.100.7;proto=https"),
    ("x-real-ip", b"192.0.2.1"),
    ("true-client-ip", b"192.0.2.1"),
    ("cloudfront-viewer-address", b"192.0.2.1:443"),
    ("x-amzn-source-ip", b"192.0.2.1"),
];

async fn counted(edge: &Edge, headers: &HeaderMap, source_ip: &str) -> String {
    edge.address(headers, Some(source_ip), START).await.unwrap()
}

#[tokio::test]
async fn through_cloudfront_the_address_that_its_function_names_counts_and_no_other_header_does() {
    let (edge, _) = deployed(false).await;
    for (viewer, counts) in [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
    ] {
        let mut headers = for_viewer(KEY, viewer.as_bytes());
        assert_eq!(counted(&edge, &headers, CALLER).await, counts, "{viewer}");
        headers.extend(self::headers(&CLAIMS));
        assert_eq!(counted(&edge, &headers, CALLER).await, counts, "{viewer}, whatever else is claimed");
    }
}

#[tokio::test]
async fn who_calls_the_api_directly_counts_for_their_own_address_whatever_they_send() {
    let (edge, secrets) = deployed(false).await;
    let mut direct = headers(&CLAIMS);
    direct.extend(headers(&[("x-parlor-viewer", b"192.0.2.1")]));
    assert_eq!(counted(&edge, &direct, CALLER).await, CALLER);
    assert_eq!(counted(&edge, &direct, "2001:db8:1:2:3:4:5:6").await, "2001:db8:1:2::/64");
    assert_eq!(secrets.reads(), 0, "it claims no key: there is nothing to compare");
    for key in ["", NEXT_KEY, &KEY[1..], &format!("{KEY}0"), &KEY.to_uppercase(), &format!("{KEY},{KEY}")] {
        assert_eq!(counted(&edge, &for_viewer(key, b"192.0.2.1"), CALLER).await, CALLER, "{key}");
    }
}

#[tokio::test]
async fn where_cloudfront_names_nobody_its_own_address_counts_and_without_any_there_is_none() {
    let (edge, _) = deployed(false).await;
    let mut nobody = by(KEY);
    nobody.extend(headers(&CLAIMS));
    assert_eq!(counted(&edge, &nobody, CALLER).await, CALLER);
    for nonsense in [
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
        assert_eq!(counted(&edge, &for_viewer(KEY, nonsense), CALLER).await, CALLER, "{nonsense:?}");
    }
    let two = headers(&[
        ("x-parlor-edge", KEY.as_bytes()),
        ("x-parlor-viewer", b"192.0.2.1"),
        ("x-parlor-viewer", b"203.0.113.9"),
    ]);
    assert_eq!(counted(&edge, &two, CALLER).await, CALLER);
    for nowhere in [None, Some("nonsense"), Some("")] {
        let refused = edge.address(&by(KEY), nowhere, START).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Unavailable);
    }
}

#[tokio::test]
async fn behind_a_firewall_only_cloudfront_is_answered() {
    let (edge, _) = deployed(true).await;
    assert!(edge.check(&by(KEY), START).await.is_ok());
    for refused in [HeaderMap::new(), by(""), by(NEXT_KEY), by(&KEY[1..]), by(&KEY.to_uppercase())] {
        assert_eq!(edge.check(&refused, START).await.unwrap_err().code(), ErrorCode::Forbidden, "{refused:?}");
    }
}

#[tokio::test]
async fn without_a_firewall_everybody_is_answered_and_no_key_is_read() {
    let (edge, secrets) = deployed(false).await;
    for headers in [HeaderMap::new(), by(KEY), by(NEXT_KEY)] {
        assert!(edge.check(&headers, START).await.is_ok());
    }
    assert_eq!(secrets.reads(), 0);
}

#[tokio::test]
async fn while_the_key_is_rotated_both_count_and_then_the_old_one_no_longer_does() {
    let (edge, secrets) = deployed(true).await;
    edge.check(&by(KEY), START).await.unwrap();
    secrets.put(json!({ "current": NEXT_KEY, "previous": KEY }).to_string());
    let soon = START + MINUTE;
    assert!(edge.check(&by(NEXT_KEY), soon).await.is_ok(), "a warm function reads again");
    assert!(edge.check(&by(KEY), soon).await.is_ok());
    secrets.put(json!({ "current": NEXT_KEY }).to_string());
    let later = START + 10 * MINUTE;
    assert_eq!(edge.check(&by(KEY), later).await.unwrap_err().code(), ErrorCode::Forbidden);
}

#[tokio::test]
async fn made_up_keys_cause_one_reading_a_minute_and_keys_that_cannot_be_read_are_no_refusal() {
    let (edge, secrets) = deployed(true).await;
    for at in [START, START + 1, START + MINUTE - 1] {
        edge.check(&by(NEXT_KEY), at).await.unwrap_err();
    }
    assert_eq!(secrets.reads(), 1);

    let (edge, secrets) = deployed(true).await;
    secrets.go_away();
    assert_eq!(edge.check(&by(KEY), START).await.unwrap_err().code(), ErrorCode::Unavailable);
    assert_eq!(edge.address(&by(KEY), Some(CALLER), START).await.unwrap_err().code(), ErrorCode::Unavailable);
}
