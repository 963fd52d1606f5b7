//! Fetching small JSON documents from the identity provider, with the same TLS as the AWS clients.

use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::http::Request;
use http::Uri;
use http_body_util::{BodyExt, Limited};
use serde::de::DeserializeOwned;

use crate::error::{ChatError, Result};

/// From connecting to the last byte. The authorizer must fetch two documents within its timeout of 5 seconds.
const TIME: Duration = Duration::from_secs(2);
/// About a hundred times the size of what providers answer.
const BYTES: usize = 256 * 1024;

pub struct Fetcher {
    connector: Connector,
    /// Whether plain http to this computer is allowed.
    may_be_local: bool,
}

impl Fetcher {
    pub fn new(may_be_local: bool) -> Self {
        let tls = tls::Provider::Rustls(CryptoMode::Ring);
        Self { connector: Connector::builder().tls_provider(tls).build(), may_be_local }
    }

    /// Fetches a document. Does not follow redirects.
    ///
    /// # Errors
    /// `unavailable`; the reason quotes nothing of the answer.
    pub async fn json<T: DeserializeOwned>(&self, doing: &'static str, url: &str) -> Result<T> {
        let result = tokio::time::timeout(TIME, self.get(url)).await.unwrap_or_else(|_| Err("timeout".into()));
        result.map_err(|reason| ChatError::Service { doing, reason })
    }

    async fn get<T: DeserializeOwned>(&self, url: &str) -> std::result::Result<T, String> {
        if !self.is_safe(url) {
            return Err("the address does not begin with https://".into());
        }
        let request = Request::get(url).map_err(|_| "request not built")?;
        let response = self.connector.call(request).await.map_err(|_| "no connection")?;
        if response.status().as_u16() != 200 {
            return Err(format!("status {}", response.status().as_u16()));
        }
        let body = Limited::new(response.into_body(), BYTES).collect().await;
        let body = body.map_err(|_| "the answer broke off, or is too large")?;
        serde_json::from_slice(&body.to_bytes()).map_err(|_| "not the JSON expected".into())
    }

    fn is_safe(&self, url: &str) -> bool {
        let Ok(url) = url.parse::<Uri>() else { return false };
        match url.scheme_str() {
            Some("https") => true,
            Some("http") => self.may_be_local && matches!(url.host(), Some("127.0.0.1" | "localhost")),
            _ => false,
        }
    }
}
