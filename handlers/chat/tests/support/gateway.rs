//! The fake `@connections` endpoint, which records posts and can fail on demand. Also the fake Lambda, which records what the
//! bots are asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use parlor_chat::bots::ask::Question;
use parlor_chat::bots::tell::News;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// The fake `@connections` endpoint.
#[derive(Clone, Default)]
pub struct Gateway(Arc<Mutex<GatewayState>>, Arc<Notify>);

#[derive(Default)]
struct GatewayState {
    posts: BTreeMap<String, Vec<Value>>,
    questions: Vec<Question>,
    news: Vec<News>,
    /// Whether Lambda refuses invocations, or leaves them unanswered.
    refuses: bool,
    ignores: bool,
    gone: BTreeSet<String>,
    throttled: BTreeSet<String>,
    silent: BTreeSet<String>,
    /// How many more posts each of these connections takes before it is gone.
    dying: BTreeMap<String, usize>,
}

impl Gateway {
    /// Starts the endpoint, and returns its URL.
    pub async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/@connections/{id}", get(Self::describe).post(Self::receive).delete(Self::disconnect))
            .route("/2015-03-31/functions/{name}/invocations", post(Self::invoke))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        url
    }

    /// Removes and returns what was posted to a connection since the last call.
    pub fn take(&self, connection_id: &str) -> Vec<Value> {
        self.0.lock().unwrap().posts.remove(connection_id).unwrap_or_default()
    }

    /// Removes and returns what the bots were asked since the last call.
    pub fn take_questions(&self) -> Vec<Question> {
        std::mem::take(&mut self.0.lock().unwrap().questions)
    }

    /// Removes and returns what webhooks were to be told since the last call.
    pub fn take_news(&self) -> Vec<News> {
        std::mem::take(&mut self.0.lock().unwrap().news)
    }

    /// Refuses invocations from now on.
    pub fn refuse_invocations(&self) {
        self.0.lock().unwrap().refuses = true;
    }

    /// Leaves invocations unanswered from now on.
    pub fn ignore_invocations(&self) {
        self.0.lock().unwrap().ignores = true;
    }

    /// Returns what [`Gateway::take`] would return, without removing it.
    pub fn posted_so_far(&self, connection_id: &str) -> Vec<Value> {
        self.0.lock().unwrap().posts.get(connection_id).cloned().unwrap_or_default()
    }

    /// Removes the posted frames, and returns their types.
    pub fn take_types(&self, connection_id: &str) -> Vec<String> {
        self.take(connection_id).iter().map(|frame| frame["type"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until a frame of this type is posted to a connection, without removing it.
    pub async fn posted(&self, connection_id: &str, kind: &str) {
        let is_there = || {
            let state = self.0.lock().unwrap();
            state.posts.get(connection_id).is_some_and(|posts| posts.iter().any(|frame| frame["type"] == kind))
        };
        self.until(is_there).await;
    }

    /// Waits until something is true that a post makes true.
    pub async fn until(&self, is_there: impl Fn() -> bool) {
        while !is_there() {
            self.1.notified().await;
        }
    }

    /// Answers posts to the connection with 410 from now on.
    pub fn end(&self, connection_id: &str) {
        self.0.lock().unwrap().gone.insert(connection_id.to_owned());
    }

    /// Answers posts to the connection with 410 after this many more.
    pub fn end_after(&self, connection_id: &str, posts: usize) {
        self.0.lock().unwrap().dying.insert(connection_id.to_owned(), posts);
    }

    /// Answers posts to the connection with 429 from now on.
    pub fn throttle(&self, connection_id: &str) {
        self.0.lock().unwrap().throttled.insert(connection_id.to_owned());
    }

    /// Leaves posts to the connection unanswered from now on.
    pub fn silence(&self, connection_id: &str) {
        self.0.lock().unwrap().silent.insert(connection_id.to_owned());
    }

    /// Returns whether a connection was ended, by the test or by the service.
    pub fn is_ended(&self, connection_id: &str) -> bool {
        self.0.lock().unwrap().gone.contains(connection_id)
    }

    async fn invoke(
        State(gateway): State<Self>,
        Path(name): Path<String>,
        headers: HeaderMap,
        body: Bytes,
    ) -> StatusCode {
        let (refuses, ignores) = {
            let state = gateway.0.lock().unwrap();
            (state.refuses, state.ignores)
        };
        if ignores {
            std::future::pending::<()>().await;
        }
        if refuses {
            return StatusCode::FORBIDDEN;
        }
        assert_eq!(headers["x-amz-invocation-type"].to_str().unwrap(), "Event");
        let signature = headers["authorization"].to_str().unwrap();
        assert!(
            signature.starts_with("AWS4-HMAC-SHA256 ") && signature.contains("/lambda/aws4_request"),
            "{signature}"
        );
        let mut state = gateway.0.lock().unwrap();
        match name.as_str() {
            "bots" => state.questions.push(serde_json::from_slice(&body).unwrap()),
            "teller" => state.news.push(serde_json::from_slice(&body).unwrap()),
            other => unreachable!("no function {other}"),
        }
        StatusCode::ACCEPTED
    }

    async fn disconnect(State(gateway): State<Self>, Path(connection_id): Path<String>) -> StatusCode {
        gateway.end(&connection_id);
        StatusCode::NO_CONTENT
    }

    async fn describe(State(gateway): State<Self>, Path(connection_id): Path<String>) -> (StatusCode, &'static str) {
        if gateway.is_ended(&connection_id) { (StatusCode::GONE, "") } else { (StatusCode::OK, "{}") }
    }

    async fn receive(
        State(Self(state, posted)): State<Self>,
        Path(connection_id): Path<String>,
        body: Bytes,
    ) -> StatusCode {
        let is_silent = {
            let mut state = state.lock().unwrap();
            if let Some(posts) = state.dying.get_mut(&connection_id) {
                match posts.checked_sub(1) {
                    Some(fewer) => *posts = fewer,
                    None => return StatusCode::GONE,
                }
            }
            if state.gone.contains(&connection_id) {
                return StatusCode::GONE;
            }
            if state.throttled.contains(&connection_id) {
                return StatusCode::TOO_MANY_REQUESTS;
            }
            let is_silent = state.silent.contains(&connection_id);
            if !is_silent {
                state.posts.entry(connection_id).or_default().push(serde_json::from_slice(&body).unwrap());
            }
            is_silent
        };
        posted.notify_one();
        if is_silent {
            std::future::pending::<()>().await;
        }
        StatusCode::OK
    }
}
