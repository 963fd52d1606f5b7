//! A fake Bedrock: answers `ConverseStream` as AWS documents it. It checks signatures and requests, counts tokens, and can fail
//! before and during its answer.

pub mod model;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::support::signature;

pub const MODEL: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";

/// What a request can fail with before its answer begins, and the status of each in the model.
pub const EXCEPTIONS: [(&str, u16); 9] = [
    ("AccessDeniedException", 403),
    ("InternalServerException", 500),
    ("ModelErrorException", 424),
    ("ModelNotReadyException", 429),
    ("ModelTimeoutException", 408),
    ("ResourceNotFoundException", 404),
    ("ServiceUnavailableException", 503),
    ("ThrottlingException", 429),
    ("ValidationException", 400),
];

/// What can break an answer off.
pub const EXCEPTIONS_IN_STREAM: [&str; 5] = [
    "internalServerException",
    "modelStreamErrorException",
    "serviceUnavailableException",
    "throttlingException",
    "validationException",
];

/// A part of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Text(String),
    /// Why the model stops.
    Stop(&'static str),
    /// The tokens, of which a tenth are input.
    Usage(u64),
    Exception(&'static str),
    /// Bytes as they are.
    Raw(&'static [u8]),
    /// Waits until it is let go.
    Hold,
}

#[derive(Clone, Default)]
pub struct FakeBedrock(Arc<Shared>);

#[derive(Default)]
struct Shared {
    inner: Mutex<Inner>,
    held: Notify,
    go: Notify,
}

#[derive(Default)]
struct Inner {
    requests: Vec<Value>,
    /// What the next requests fail with.
    failures: Vec<&'static str>,
    /// All further answers.
    says: Option<Vec<Part>>,
    billed: u64,
}

impl FakeBedrock {
    /// Starts the server, and returns its URL.
    pub async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/model/{model}/converse-stream", post(Self::converse));
        let router = router.with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        url
    }

    /// Removes and returns the requests that were answered since the last call.
    pub fn take(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.inner.lock().unwrap().requests)
    }

    /// Lets the next requests fail.
    pub fn fail(&self, times: usize, exception: &'static str) {
        self.0.inner.lock().unwrap().failures = vec![exception; times];
    }

    /// Returns how many of these failures are still to come.
    pub fn failures_left(&self) -> usize {
        self.0.inner.lock().unwrap().failures.len()
    }

    /// Answers everything with these parts from now on.
    pub fn say(&self, parts: &[Part]) {
        self.0.inner.lock().unwrap().says = Some(parts.to_vec());
    }

    /// Answers as at first.
    pub fn recover(&self) {
        let mut inner = self.0.inner.lock().unwrap();
        inner.says = None;
        inner.failures.clear();
    }

    /// Waits until an answer is held.
    pub async fn held(&self) {
        self.0.held.notified().await;
    }

    /// Lets a held answer go on.
    pub fn go(&self) {
        self.0.go.notify_one();
    }

    /// Returns the tokens of all answers that were begun.
    pub fn billed(&self) -> u64 {
        self.0.inner.lock().unwrap().billed
    }

    async fn converse(
        State(fake): State<Self>,
        Path(model_id): Path<String>,
        uri: Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> Response {
        if let Err(problem) = signature::check("bedrock", &uri, &headers, &body) {
            return exception("InvalidSignatureException", 403, &problem);
        }
        let request = match model::check_request(&model_id, &body) {
            Ok(request) => request,
            Err(problem) => return exception("ValidationException", 400, &problem),
        };
        if model_id != MODEL {
            return exception("ResourceNotFoundException", 404, "Could not resolve the foundation model");
        }
        let mut inner = fake.0.inner.lock().unwrap();
        if let Some(name) = inner.failures.pop() {
            let (_, status) = EXCEPTIONS.into_iter().find(|(known, _)| *known == name).unwrap();
            return exception(name, status, &format!("Could not handle: {}", last_text(&request)));
        }
        let parts = inner.says.clone().unwrap_or_else(|| answer(&last_text(&request)));
        inner.billed += parts.iter().map(|part| if let Part::Usage(tokens) = part { *tokens } else { 0 }).sum::<u64>();
        inner.requests.push(request);
        drop(inner);
        let start = event("messageStart", json!({ "role": "assistant", "p": "abc" }));
        let stream = stream::unfold((fake, VecDeque::from(parts), Some(start)), async |(fake, mut parts, start)| {
            if let Some(start) = start {
                return Some((Ok::<_, std::io::Error>(start), (fake, parts, None)));
            }
            let bytes = match parts.pop_front()? {
                Part::Hold => {
                    fake.0.held.notify_one();
                    fake.0.go.notified().await;
                    Vec::new()
                }
                part => encoded(part),
            };
            Some((Ok(bytes), (fake, parts, None)))
        });
        let content_type = [("content-type", "application/vnd.amazon.eventstream"), ("x-amzn-requestid", "1")];
        (content_type, Body::from_stream(stream)).into_response()
    }
}

/// The answer to a text: it repeats it, word by word.
fn answer(text: &str) -> Vec<Part> {
    let said = format!("You said: {text}");
    let words = said.split_inclusive(' ').map(|word| Part::Text(word.to_owned()));
    words.chain([Part::Stop("end_turn"), Part::Usage(120)]).collect()
}

pub fn last_text(request: &Value) -> String {
    let turn = request["messages"].as_array().unwrap().last().unwrap();
    turn["content"].as_array().unwrap().last().unwrap()["text"].as_str().unwrap().to_owned()
}

fn encoded(part: Part) -> Vec<u8> {
    match part {
        Part::Text(text) => {
            let delta = json!({ "contentBlockIndex": 0, "delta": { "text": text }, "p": "abcdefgh" });
            event("contentBlockDelta", delta)
        }
        Part::Stop(reason) => {
            let stop = event("contentBlockStop", json!({ "contentBlockIndex": 0, "p": "ab" }));
            [stop, event("messageStop", json!({ "stopReason": reason, "p": "abcd" }))].concat()
        }
        Part::Usage(total) => {
            let usage = json!({ "inputTokens": total / 10, "outputTokens": total - total / 10, "totalTokens": total });
            event("metadata", json!({ "usage": usage, "metrics": { "latencyMs": 7 }, "p": "a" }))
        }
        Part::Exception(name) => frame("exception", ":exception-type", name, &json!({ "message": "No, Ada" })),
        Part::Raw(bytes) => bytes.to_vec(),
        Part::Hold => Vec::new(),
    }
}

fn event(name: &str, json: Value) -> Vec<u8> {
    model::check_event(name, &json);
    frame("event", ":event-type", name, &json)
}

/// As AWS writes events: https://smithy.io/2.0/aws/amazon-eventstream.html
fn frame(kind: &str, type_header: &str, name: &str, json: &Value) -> Vec<u8> {
    let text = |text: &str| HeaderValue::String(text.to_owned().into());
    let message = Message::new(json.to_string().into_bytes())
        .add_header(Header::new(type_header.to_owned(), text(name)))
        .add_header(Header::new(":content-type", text("application/json")))
        .add_header(Header::new(":message-type", text(kind)));
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).unwrap();
    bytes
}

/// As restJson1 writes errors: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
fn exception(name: &str, status: u16, message: &str) -> Response {
    let name = format!("{name}:http://internal.amazon.com/coral/com.amazon.bedrock/");
    let headers = [("content-type", "application/json"), ("x-amzn-errortype", &name)];
    (StatusCode::from_u16(status).unwrap(), headers, json!({ "message": message }).to_string()).into_response()
}
