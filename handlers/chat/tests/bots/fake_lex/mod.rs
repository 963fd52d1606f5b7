//! A fake Lex V2: answers `RecognizeText` as AWS documents it, and books hotels. It checks signatures and requests, keeps one
//! dialogue per session, and can fail.

mod dialogue;
pub mod model;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use self::dialogue::Dialogue;
use super::support::signature;

pub const BOT: &str = "A1B2C3D4E5";
pub const ALIAS: &str = "TSTALIASID";
pub const LOCALE: &str = "en_US";

/// What a request can fail with, and the status of each in the model.
pub const EXCEPTIONS: [(&str, u16); 8] = [
    ("AccessDeniedException", 403),
    ("BadGatewayException", 502),
    ("ConflictException", 409),
    ("DependencyFailedException", 424),
    ("InternalServerException", 500),
    ("ResourceNotFoundException", 404),
    ("ThrottlingException", 429),
    ("ValidationException", 400),
];

#[derive(Clone, Default)]
pub struct FakeLex(Arc<Mutex<Inner>>, Arc<Notify>);

#[derive(Default)]
struct Inner {
    dialogues: BTreeMap<String, Dialogue>,
    requests: Vec<Recognized>,
    /// What the next requests fail with.
    failures: Vec<&'static str>,
    /// The messages of all further answers, instead of the dialogue's.
    says: Option<Value>,
    is_silent: bool,
}

/// A valid request that was answered without an exception.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognized {
    pub session: String,
    pub text: String,
}

impl FakeLex {
    /// Starts the server, and returns its URL.
    pub async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let path = "/bots/{bot}/botAliases/{alias}/botLocales/{locale}/sessions/{session}/text";
        let router = Router::new().route(path, post(Self::recognize)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        url
    }

    /// Removes and returns what was recognized since the last call.
    pub fn take(&self) -> Vec<Recognized> {
        std::mem::take(&mut self.0.lock().unwrap().requests)
    }

    /// Lets the next requests fail.
    pub fn fail(&self, times: usize, exception: &'static str) {
        self.0.lock().unwrap().failures = vec![exception; times];
    }

    /// Returns how many of these failures are still to come.
    pub fn failures_left(&self) -> usize {
        self.0.lock().unwrap().failures.len()
    }

    /// Answers everything with these messages from now on.
    pub fn say(&self, messages: Value) {
        self.0.lock().unwrap().says = Some(messages);
    }

    /// Leaves requests unanswered from now on.
    pub fn silence(&self) {
        self.0.lock().unwrap().is_silent = true;
    }

    /// Waits until a request has come that is left unanswered.
    pub async fn ignored(&self) {
        self.1.notified().await;
    }

    async fn recognize(
        State(lex): State<Self>,
        Path([bot, alias, locale, session]): Path<[String; 4]>,
        uri: Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> Response {
        if let Err(problem) = signature::check("lex", &uri, &headers, &body) {
            return exception("InvalidSignatureException", 403, &problem);
        }
        if lex.0.lock().unwrap().is_silent {
            lex.1.notify_one();
            std::future::pending::<()>().await;
        }
        let text = match model::check_request([&bot, &alias, &locale, &session], &body) {
            Ok(text) => text,
            Err(problem) => return exception("ValidationException", 400, &problem),
        };
        if (bot.as_str(), alias.as_str(), locale.as_str()) != (BOT, ALIAS, LOCALE) {
            return exception("ResourceNotFoundException", 404, "Bot does not exist");
        }
        let mut inner = lex.0.lock().unwrap();
        if let Some(name) = inner.failures.pop() {
            let (_, status) = EXCEPTIONS.into_iter().find(|(known, _)| *known == name).unwrap();
            return exception(name, status, &format!("Could not handle: {text}"));
        }
        inner.requests.push(Recognized { session: session.clone(), text: text.clone() });
        let messages = inner.dialogues.entry(session.clone()).or_default().next(&text);
        let messages = inner.says.clone().unwrap_or(messages);
        let mut answer = json!({ "sessionId": session, "requestAttributes": {}, "interpretations": [] });
        answer["sessionState"] = json!({ "sessionAttributes": {}, "dialogAction": { "type": "ElicitIntent" } });
        if messages.as_array().is_some_and(|messages| !messages.is_empty()) {
            answer["messages"] = messages;
        }
        model::check_response(&answer);
        ([("content-type", "application/json"), ("x-amzn-requestid", "1")], answer.to_string()).into_response()
    }
}

/// As restJson1 writes errors: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
fn exception(name: &str, status: u16, message: &str) -> Response {
    let name = format!("{name}:http://internal.amazon.com/coral/com.amazonaws.lex/");
    let headers = [("content-type", "application/json"), ("x-amzn-errortype", &name)];
    (StatusCode::from_u16(status).unwrap(), headers, json!({ "message": message }).to_string()).into_response()
}
