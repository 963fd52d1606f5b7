//! Checks signatures of AWS Signature Version 4, computed anew:
//! https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

use axum::http::{HeaderMap, Uri};
use sha2::{Digest, Sha256};

pub const REGION: &str = "eu-central-1";
pub const KEY: &str = "key";
pub const SECRET: &str = "secret";

/// `service` is the name that the signature must have.
pub fn check(service: &str, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let time = header("x-amz-date");
    let date = time.split('T').next().unwrap_or_default();
    let scope = format!("{date}/{REGION}/{service}/aws4_request");
    let prefix = format!("AWS4-HMAC-SHA256 Credential={KEY}/{scope}, SignedHeaders=");
    let rest = header("authorization").strip_prefix(&prefix).ok_or(format!("not signed for {scope}"))?;
    let (signed, signature) = rest.split_once(", Signature=").ok_or("no signature")?;
    for name in ["content-type", "host", "x-amz-date"] {
        if !signed.split(';').any(|each| each == name) {
            return Err(format!("{name} is not signed"));
        }
    }
    let lines: String = signed.split(';').map(|name| format!("{name}:{}\n", header(name).trim())).collect();
    let canonical = format!("POST\n{}\n\n{lines}\n{signed}\n{}", encoded(uri.path()), hex(&Sha256::digest(body)));
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let secret = format!("AWS4{SECRET}").into_bytes();
    let key = [date, REGION, service, "aws4_request"].iter().fold(secret, |key, part| hmac(&key, part.as_bytes()));
    if hex(&hmac(&key, to_sign.as_bytes())) == signature { Ok(()) } else { Err("another signature".into()) }
}

/// The path is encoded twice, except by S3.
fn encoded(path: &str) -> String {
    path.replace('%', "%25")
}

/// HMAC-SHA256 (RFC 2104). Keys are at most a block long.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let padded = |with: u8| (0..64).map(move |at| key.get(at).copied().unwrap_or_default() ^ with);
    let inner: Vec<u8> = padded(0x36).chain(message.iter().copied()).collect();
    let outer: Vec<u8> = padded(0x5c).chain(Sha256::digest(inner)).collect();
    Sha256::digest(outer).to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
