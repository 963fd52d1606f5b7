//! AWS clients with timeouts for chat: a second attempt soon rather than a third one late. By default, the SDK waits up
//! to a second before its second attempt, which people would notice.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, SharedHttpClient};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};

use crate::signed::Service;

/// One attempt, from sending to the last byte of the answer. DynamoDB's p99.9 is far below it.
const ATTEMPT: Duration = Duration::from_millis(1000);
/// One attempt of a post. A slower reader is skipped and catches up by number.
const POST_ATTEMPT: Duration = Duration::from_millis(700);
const CONNECT: Duration = Duration::from_millis(500);
const BACKOFF: Duration = Duration::from_millis(25);
/// Two, because the first socket after a freeze may be dead.
const ATTEMPTS: u32 = 2;

/// Creates the clients. They share their connections and the trusted certificates.
pub struct Aws {
    http: SharedHttpClient,
    endpoint: Option<String>,
}

macro_rules! client {
    ($service:ident, $aws:expr, $attempt:expr, $endpoint:expr) => {{
        let mut config = $service::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region()))
            .credentials_provider(credentials())
            .http_client($aws.http.clone())
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(BACKOFF))
            .timeout_config(
                TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout($attempt).build(),
            );
        config.set_endpoint_url($endpoint);
        $service::Client::from_conf(config.build())
    }};
}

impl Aws {
    /// `endpoint` is the address of the services, if they are not at AWS.
    pub fn new(endpoint: Option<String>) -> Self {
        Self::over(https(TrustStore::default()), endpoint)
    }

    /// `http` sends the requests.
    pub fn over(http: SharedHttpClient, endpoint: Option<String>) -> Self {
        Self { http, endpoint }
    }

    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        client!(aws_sdk_dynamodb, self, ATTEMPT, self.endpoint.clone())
    }

    pub fn secrets(&self) -> aws_sdk_secretsmanager::Client {
        client!(aws_sdk_secretsmanager, self, ATTEMPT, self.endpoint.clone())
    }

    /// Runs functions.
    pub fn lambda(&self) -> Service {
        self.service("lambda", "lambda", region())
    }

    /// Runs the dialogues of Lex bots. `region` is the bot's, if it is another one.
    pub fn lex(&self, region: Option<String>) -> Service {
        self.service("runtime-v2-lex", "lex", region.unwrap_or_else(self::region))
    }

    /// Runs models and applies guardrails of Amazon Bedrock. `region` is that of the request, if it is another one.
    pub fn bedrock(&self, region: Option<String>) -> Service {
        self.service("bedrock-runtime", "bedrock", region.unwrap_or_else(self::region))
    }

    /// `host` is the first part of the service's host name, `name` what its signatures name.
    fn service(&self, host: &str, name: &'static str, region: String) -> Service {
        let suffix = if region.starts_with("cn-") { ".cn" } else { "" };
        let endpoint = self.endpoint.clone();
        let endpoint = endpoint.unwrap_or_else(|| format!("https://{host}.{region}.amazonaws.com{suffix}"));
        Service::new(endpoint, name, region, credentials())
    }

    /// `callback_url` is the address of the WebSocket API's stage,
    /// `https://{api}.execute-api.{region}.amazonaws.com/{stage}`.
    pub fn connections(&self, callback_url: String) -> aws_sdk_apigatewaymanagement::Client {
        client!(aws_sdk_apigatewaymanagement, self, POST_ATTEMPT, Some(callback_url))
    }
}

/// Returns an HTTP client with TLS that trusts these certificates.
pub fn https(trusted: TrustStore) -> SharedHttpClient {
    let builder = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
    // Building a context never fails, although its type allows it.
    match TlsContext::builder().with_trust_store(trusted).build() {
        Ok(context) => builder.tls_context(context).build_https(),
        Err(_) => builder.build_https(),
    }
}

fn region() -> String {
    env("AWS_REGION").unwrap_or_else(|| "us-east-1".into())
}

/// Reads the role's credentials from the environment. Lambda replaces the environment before they expire.
fn credentials() -> Credentials {
    let value = |name| env(name).unwrap_or_default();
    Credentials::new(
        value("AWS_ACCESS_KEY_ID"),
        value("AWS_SECRET_ACCESS_KEY"),
        env("AWS_SESSION_TOKEN"),
        None,
        "environment",
    )
}

/// Returns an environment variable that is set and not empty.
pub fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
