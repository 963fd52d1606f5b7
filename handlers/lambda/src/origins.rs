//! Which sites' pages may connect. A browser states in `Origin` which site's page opens a connection, and no script can
//! change it. Other clients send no `Origin`.

use http::HeaderMap;
use http::header::ORIGIN;
use parlor_chat::error::{ChatError, Result};
use parlor_protocol::error::ErrorCode;

/// Allowed origins, serialized as in RFC 6454 (`scheme://host[:port]`) and separated by spaces.
pub struct Origins(String);

impl Origins {
    pub fn new(setting: String) -> Self {
        Self(setting)
    }

    /// Checks the `Origin` headers of a request.
    ///
    /// Browsers send origins serialized, so equal origins are equal strings. `null`, which sandboxed and local pages send, is
    /// never allowed.
    ///
    /// # Errors
    /// `forbidden` for another origin.
    pub fn check(&self, headers: &HeaderMap) -> Result<()> {
        let is_allowed =
            |origin: &str| !matches!(origin, "" | "null") && self.0.split(' ').any(|allowed| allowed == origin);
        if headers.get_all(ORIGIN).iter().all(|origin| origin.to_str().is_ok_and(is_allowed)) {
            Ok(())
        } else {
            Err(ChatError::refused(ErrorCode::Forbidden, "pages of this origin may not connect to this stage"))
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn is_allowed(origins: &[&[u8]]) -> bool {
        let headers =
            origins.iter().map(|origin| (ORIGIN, HeaderValue::from_bytes(origin).unwrap_or_else(|_| unreachable!())));
        let setting = "https://chat.example.org https://example.org:8443 http://d1.cloudfront.localhost:4566";
        Origins::new(setting.into()).check(&headers.collect()).is_ok()
    }

    #[test]
    fn requests_without_an_origin_and_the_stages_own_pages_are_allowed() {
        assert!(is_allowed(&[]));
        assert!(is_allowed(&[b"https://chat.example.org"]));
        assert!(is_allowed(&[b"https://example.org:8443"]));
        assert!(is_allowed(&[b"http://d1.cloudfront.localhost:4566"]));
    }

    #[test]
    fn other_origins_are_refused() {
        let table: &[&[u8]] = &[
            b"https://evil.example",
            b"null",
            b"",
            b" ",
            b"*",
            b"http://chat.example.org",
            b"https://chat.example.org/",
            b"https://chat.example.org:443",
            b"https://Chat.example.org",
            b"HTTPS://chat.example.org",
            b"https://chat.example.org.evil.example",
            b"https://evil.example/https://chat.example.org",
            b"https://example.org",
            b"https://example.org:844",
            b"chat.example.org",
            b"https://chat.example.org https://example.org:8443",
            b"https://chat.example.org, https://evil.example",
            b"https://ch\xe4t.example.org",
        ];
        for origin in table {
            assert!(!is_allowed(&[origin]), "{}", String::from_utf8_lossy(origin));
        }
        assert!(!is_allowed(&[b"https://chat.example.org", b"https://evil.example"]), "two headers");
    }

    #[test]
    fn null_is_refused_even_if_the_setting_contains_it() {
        let headers = [(ORIGIN, HeaderValue::from_static("null"))].into_iter().collect();
        assert!(Origins::new("null".into()).check(&headers).is_err());
    }

    #[test]
    fn no_page_may_connect_if_no_origin_is_set() {
        for origin in ["", "https://chat.example.org"] {
            let headers = [(ORIGIN, HeaderValue::from_static(origin))].into_iter().collect();
            assert!(Origins::new(String::new()).check(&headers).is_err(), "{origin:?}");
        }
    }
}
