//! An OpenID provider: publishes keys, signs tokens, and can misbehave.

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

/// How it answers.
#[derive(Clone, Copy, Default, PartialEq)]
pub enum Mood {
    #[default]
    Well,
    Down,
    Elsewhere,
    Endless,
    Garbled,
    Silent,
}

#[derive(Clone)]
pub struct Issuer {
    pub url: String,
    state: Arc<Mutex<Published>>,
}

#[derive(Default)]
struct Published {
    keys: Vec<Value>,
    /// What it calls itself, if not by its address.
    alias: Option<String>,
    jwks_uri: Option<String>,
    mood: Mood,
    reads: usize,
}

/// A key of the issuer. The private keys in `tests/keys` are made for these tests and open nothing else.
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

    pub fn call_itself(&self, alias: &str) {
        self.state.lock().unwrap().alias = Some(alias.into());
    }

    pub fn keep_keys_at(&self, url: &str) {
        self.state.lock().unwrap().jwks_uri = Some(url.into());
    }

    pub fn be(&self, mood: Mood) {
        self.state.lock().unwrap().mood = mood;
    }

    /// How often its keys were read.
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
        let (mood, body) = {
            let mut state = issuer.state.lock().unwrap();
            state.reads += 1;
            (state.mood, json!({ "keys": state.keys }).to_string())
        };
        match mood {
            Mood::Well => body.into_response(),
            Mood::Down => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            Mood::Elsewhere => (StatusCode::FOUND, [(header::LOCATION, "/keys")]).into_response(),
            Mood::Endless => format!("{}{body}", " ".repeat(256 * 1024)).into_response(),
            Mood::Garbled => "<html>".into_response(),
            Mood::Silent => std::future::pending().await,
        }
    }
}
