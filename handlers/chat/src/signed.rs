//! Signed requests to a service of AWS, without the SDK of that service: it would make all functions larger.

use std::sync::OnceLock;
use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use parlor_protocol::Millis;

/// A service of AWS.
pub struct Service {
    connector: OnceLock<SharedHttpConnector>,
    endpoint: String,
    /// As its signatures name it.
    name: &'static str,
    region: String,
    credentials: Credentials,
}

impl Service {
    pub fn new(endpoint: String, name: &'static str, region: String, credentials: Credentials) -> Self {
        Self { connector: OnceLock::new(), endpoint, name, region, credentials }
    }

    /// `connector` sends the requests.
    pub fn over(self, connector: SharedHttpConnector) -> Self {
        Self { connector: connector.into(), ..self }
    }

    /// Posts JSON. `path` must be percent-encoded.
    ///
    /// # Errors
    /// In words, if there is no response.
    pub async fn post(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        now: Millis,
    ) -> Result<HttpResponse, &'static str> {
        let request = self.signed(path, headers, body, now).ok_or("request not built")?;
        self.connector().call(request).await.map_err(|_| "no connection")
    }

    fn connector(&self) -> &SharedHttpConnector {
        self.connector.get_or_init(|| {
            let tls = tls::Provider::Rustls(CryptoMode::Ring);
            SharedHttpConnector::new(Connector::builder().tls_provider(tls).build())
        })
    }

    fn signed(&self, path: &str, headers: &[(&str, &str)], body: &[u8], now: Millis) -> Option<HttpRequest> {
        let url = format!("{}{path}", self.endpoint);
        let headers = || [("content-type", "application/json")].into_iter().chain(headers.iter().copied());
        let identity = self.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(self.name)
            .time(UNIX_EPOCH + Duration::from_millis(now))
            .settings(SigningSettings::default())
            .build()
            .ok()?
            .into();
        let signable = SignableRequest::new("POST", &url, headers(), SignableBody::Bytes(body)).ok()?;
        let (instructions, _) = sign(signable, &params).ok()?.into_parts();
        let request = headers().fold(http::Request::post(&url), |request, (name, value)| request.header(name, value));
        let mut request = request.body(SdkBody::from(body.to_vec())).ok()?;
        instructions.apply_to_request_http1x(&mut request);
        request.try_into().ok()
    }
}

/// Returns the name of an exception, as services with REST and JSON tell it. Its message could repeat what was said.
pub fn exception(response: &HttpResponse) -> &str {
    let name = response.headers().get("x-amzn-errortype").and_then(|value| value.split([':', '#']).next());
    name.filter(|name| name.bytes().all(|byte| byte.is_ascii_alphabetic())).unwrap_or("refused")
}
