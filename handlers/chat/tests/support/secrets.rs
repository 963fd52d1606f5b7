//! A fake Secrets Manager: holds one secret and counts how often it is read.

use std::sync::{Arc, Mutex};

use aws_sdk_secretsmanager::Client;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use parlor_chat::aws::Aws;
use parlor_chat::edge::Edge;
use parlor_chat::people::identity::Guests;
use serde_json::json;
use tokio::net::TcpListener;

#[derive(Clone, Default)]
pub struct Secrets(Arc<Mutex<Stored>>);

#[derive(Default)]
struct Stored {
    /// If absent, reads fail.
    secret: Option<String>,
    reads: usize,
}

impl Secrets {
    pub fn put(&self, secret: impl Into<String>) {
        self.0.lock().unwrap().secret = Some(secret.into());
    }

    /// Removes the secret, so that reads fail.
    pub fn remove(&self) {
        self.0.lock().unwrap().secret = None;
    }

    /// Returns how often the secret was read.
    pub fn reads(&self) -> usize {
        self.0.lock().unwrap().reads
    }

    /// Returns what checks guest tokens, as in a function that has just started.
    pub async fn guests(&self, stage: &str) -> Guests {
        Guests::new(self.client().await, "token-key".into(), stage.into())
    }

    /// Returns what recognizes CloudFront, as in a function that has just started.
    pub async fn edge(&self, is_required: bool) -> Edge {
        Edge::new(self.client().await, "edge-key".into(), is_required)
    }

    async fn client(&self) -> Client {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let router = axum::Router::new().route("/", post(Self::read)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let http = aws_smithy_http_client::Builder::new().build_http();
        Aws::over(http, Some(endpoint)).secrets()
    }

    async fn read(State(Self(stored)): State<Self>) -> impl IntoResponse {
        let mut stored = stored.lock().unwrap();
        stored.reads += 1;
        let (status, body) = match &stored.secret {
            Some(secret) => (StatusCode::OK, json!({ "SecretString": secret })),
            None => (StatusCode::BAD_REQUEST, json!({ "__type": "ResourceNotFoundException" })),
        };
        (status, [(header::CONTENT_TYPE, "application/x-amz-json-1.1")], body.to_string())
    }
}
