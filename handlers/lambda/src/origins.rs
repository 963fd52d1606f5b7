//! Whose pages may connect. A browser says in `Origin` which page opens a connection, and no script can change what it
//! says; clients that are no browsers send none.

use http::HeaderMap;
use http::header::ORIGIN;
use parlor_chat::error::{ChatError, Result};
use parlor_protocol::error::ErrorCode;

/// Origins as RFC 6454 serializes them, `scheme://host[:port]`, separated by spaces.
pub struct Origins(String);

impl Origins {
    pub fn new(setting: String) -> Self {
        Self(setting)
    }

    /// # Errors
    /// `forbidden` for the page of another origin. What browsers send is serialized already, so that only equal strings
    /// are equal origins; `null`, which sandboxed and local pages send, is nobody's.
    pub fn check(&self, headers: &HeaderMap) -> Result<()> {
        let is_ours = |origin: &str| !matches!(origin, "" | "null") && self.0.split(' ').any(|ours| ours == origin);
        if headers.get_all(ORIGIN).iter().all(|origin| origin.to_str().is_ok_and(is_ours)) {
            Ok(())
        } else {
            Err(ChatError::refused(ErrorCode::Forbidden, "pages of this origin may not connect"))
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn is_let_in(origins: &[&[u8]]) -> bool {
        let headers =
            origins.iter().map(|origin| (ORIGIN, HeaderValue::from_bytes(origin).unwrap_or_else(|_| unreachable!())));
        let setting = "https://chat.example.org https://example.org:8443 http://d1.cloudfront.localhost:4566";
        Origins::new(setting.into()).check(&headers.collect()).is_ok()
    }

    #[test]
    fn clients_that_are_no_browsers_and_the_stages_own_pages_are_let_in() {
        assert!(is_let_in(&[]));
        assert!(is_let_in(&[b"https://chat.example.org"]));
        assert!(is_let_in(&[b"https://example.org:8443"]));
        assert!(is_let_in(&[b"http://d1.cloudfront.localhost:4566"]));
    }

    #[test]
    fn any_other_origin_is_refused() {
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
            assert!(!is_let_in(&[origin]), "{}", String::from_utf8_lossy(origin));
        }
        assert!(!is_let_in(&[b"https://chat.example.org", b"https://evil.example"]), "two of them");
    }

    #[test]
    fn null_is_refused_even_where_a_setting_names_it() {
        let headers = [(ORIGIN, HeaderValue::from_static("null"))].into_iter().collect();
        assert!(Origins::new("null".into()).check(&headers).is_err());
    }

    #[test]
    fn where_no_origin_is_set_no_page_is_let_in() {
        for origin in ["", "https://chat.example.org"] {
            let headers = [(ORIGIN, HeaderValue::from_static(origin))].into_iter().collect();
            assert!(Origins::new(String::new()).check(&headers).is_err(), "{origin:?}");
        }
    }
}
