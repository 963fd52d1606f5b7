//! A fake identity provider: publishes keys, signs tokens, and can fail.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// How the request for the keys fails.
#[derive(Clone, Copy, PartialEq)]
pub enum Failure {
    ServerError,
    Redirect,
    TooLarge,
    NotJson,
    Timeout,
}

#[derive(Clone)]
pub struct Issuer {
    pub url: String,
    state: Arc<Mutex<Published>>,
}

#[derive(Default)]
struct Published {
    keys: Vec<Value>,
    /// The `issuer` that it states, if not its address.
    alias: Option<String>,
    jwks_uri: Option<String>,
    failure: Option<Failure>,
    reads: usize,
}

/// A key of the issuer. The private keys in `tests/keys` exist for these tests only.
pub struct Signer {
    pub id: &'static str,
    algorithm: Algorithm,
    key: EncodingKey,
}

impl Signer {
    pub fn rsa(id: &'static str) -> Self {
        let key = EncodingKey::from_rsa_der(include_bytes!("../keys/rsa.der"));
        Self { id, algorithm: Algorithm::RS256, key }
    }

    pub fn ec(id: &'static str) -> Self {
        let key = EncodingKey::from_ec_der(include_bytes!("../keys/ec-1.der"));
        Self { id, algorithm: Algorithm::ES256, key }
    }

    pub fn other_ec(id: &'static str) -> Self {
        let key = EncodingKey::from_ec_der(include_bytes!("../keys/ec-2.der"));
        Self { id, algorithm: Algorithm::ES256, key }
    }

    pub fn jwk(&self) -> Value {
        let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&self.key, self.algorithm).unwrap()).unwrap();
        jwk["kid"] = json!(self.id);
        jwk["use"] = json!("sig");
        jwk
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(self.algorithm, Some(self.id), claims)
    }

    pub fn sign_as(&self, algorithm: Algorithm, kid: Option<&str>, claims: &Value) -> String {
        let header = Header { kid: kid.map(str::to_owned), ..Header::new(algorithm) };
        encode(&header, claims, &self.key).unwrap()
    }
}

impl Issuer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let issuer = Self { url, state: Arc::default() };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(Self::discovery))
            .route("/keys", get(Self::keys))
            .with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        issuer
    }

    pub fn publish(&self, keys: impl IntoIterator<Item = Value>) {
        self.state.lock().unwrap().keys = keys.into_iter().collect();
    }

    pub fn claim_name(&self, alias: &str) {
        self.state.lock().unwrap().alias = Some(alias.into());
    }

    pub fn move_keys_to(&self, url: &str) {
        self.state.lock().unwrap().jwks_uri = Some(url.into());
    }

    pub fn fail(&self, failure: Failure) {
        self.state.lock().unwrap().failure = Some(failure);
    }

    pub fn recover(&self) {
        self.state.lock().unwrap().failure = None;
    }

    /// Returns how often the keys were read.
    pub fn reads(&self) -> usize {
        self.state.lock().unwrap().reads
    }

    async fn discovery(State(issuer): State<Self>) -> Response {
        let state = issuer.state.lock().unwrap();
        let jwks_uri = state.jwks_uri.clone().unwrap_or_else(|| format!("{}/keys", issuer.url));
        json!({ "issuer": state.alias.as_ref().unwrap_or(&issuer.url), "jwks_uri": jwks_uri })
            .to_string()
            .into_response()
    }

    async fn keys(State(issuer): State<Self>) -> Response {
        let (failure, body) = {
            let mut state = issuer.state.lock().unwrap();
            state.reads += 1;
            (state.failure, json!({ "keys": state.keys }).to_string())
        };
        match failure {
            None => body.into_response(),
            Some(Failure::ServerError) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            Some(Failure::Redirect) => (StatusCode::FOUND, [(header::LOCATION, "/keys")]).into_response(),
            Some(Failure::TooLarge) => format!("{}{body}", " ".repeat(256 * 1024)).into_response(),
            Some(Failure::NotJson) => "<html>".into_response(),
            Some(Failure::Timeout) => std::future::pending().await,
        }
    }
}
