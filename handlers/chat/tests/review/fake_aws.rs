//! A fake Lambda and a fake Bedrock: they check signatures and requests, answer `Invoke` and `ApplyGuardrail` as AWS
//! documents them, and can fail or be silent.
//!
//! What the published models say: `ApplyGuardrailRequest`, `ApplyGuardrailResponse` and those in them, in
//! `botocore/data/bedrock-runtime/2023-09-30/service-2.json` of https://github.com/boto/botocore; for `Invoke`,
//! https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::support::signature;

pub const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function:review:live";
pub const GUARDRAIL: &str = "abc123";
pub const VERSION: &str = "2";

/// What `ApplyGuardrail` can fail with, and the status of each in the model.
pub const EXCEPTIONS: [(&str, u16); 6] = [
    ("AccessDeniedException", 403),
    ("InternalServerException", 500),
    ("ResourceNotFoundException", 404),
    ("ServiceQuotaExceededException", 400),
    ("ThrottlingException", 429),
    ("ValidationException", 400),
];

#[derive(Clone, Default)]
pub struct FakeAws(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    /// What the function was invoked with, and the texts that the guardrail was applied to.
    requests: Vec<Value>,
    says: Value,
    /// The function fails by itself.
    is_broken: bool,
    exception: Option<&'static str>,
    is_silent: bool,
}

impl FakeAws {
    /// Starts the server, and returns its URL.
    pub async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/2015-03-31/functions/{name}/invocations", post(Self::invoke))
            .route("/guardrail/{id}/version/{version}/apply", post(Self::apply))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        url
    }

    /// Answers this from now on.
    pub fn say(&self, answer: Value) {
        let mut inner = self.0.lock().unwrap();
        *inner = Inner { says: answer, requests: std::mem::take(&mut inner.requests), ..Inner::default() };
    }

    pub fn break_function(&self) {
        self.0.lock().unwrap().is_broken = true;
    }

    pub fn fail(&self, exception: &'static str) {
        self.0.lock().unwrap().exception = Some(exception);
    }

    /// Leaves requests unanswered from now on.
    pub fn silence(&self) {
        self.0.lock().unwrap().is_silent = true;
    }

    /// Removes and returns the requests since the last call.
    pub fn take(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.lock().unwrap().requests)
    }

    /// Returns the failure that was chosen. Waits for ever if silence was.
    async fn failure(&self) -> Option<Response> {
        let (is_silent, name) = {
            let inner = self.0.lock().unwrap();
            (inner.is_silent, inner.exception)
        };
        if is_silent {
            std::future::pending::<()>().await;
        }
        let (name, status) = EXCEPTIONS.into_iter().find(|(known, _)| Some(*known) == name)?;
        Some(exception(name, status))
    }

    async fn invoke(
        State(aws): State<Self>,
        Path(name): Path<String>,
        uri: Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> Response {
        if signature::check("lambda", &uri, &headers, &body).is_err() {
            return exception("InvalidSignatureException", 403);
        }
        if name != FUNCTION || headers["x-amz-invocation-type"] != "RequestResponse" {
            return exception("ResourceNotFoundException", 404);
        }
        if let Some(failure) = aws.failure().await {
            return failure;
        }
        let mut inner = aws.0.lock().unwrap();
        inner.requests.push(serde_json::from_slice(&body).unwrap());
        if inner.is_broken {
            // Lambda answers 200 then, too.
            let error = json!({ "errorMessage": "boom", "errorType": "Error" });
            return ([("x-amz-function-error", "Unhandled")], error.to_string()).into_response();
        }
        inner.says.to_string().into_response()
    }

    async fn apply(
        State(aws): State<Self>,
        Path([id, version]): Path<[String; 2]>,
        uri: Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> Response {
        if signature::check("bedrock", &uri, &headers, &body).is_err() {
            return exception("InvalidSignatureException", 403);
        }
        if (id.as_str(), version.as_str()) != (GUARDRAIL, VERSION) {
            return exception("ResourceNotFoundException", 404);
        }
        let request: Value = serde_json::from_slice(&body).unwrap();
        let text = request["content"][0]["text"]["text"].clone();
        if request != json!({ "source": "INPUT", "content": [{ "text": { "text": text } }] }) || !text.is_string() {
            return exception("ValidationException", 400);
        }
        if let Some(failure) = aws.failure().await {
            return failure;
        }
        let mut inner = aws.0.lock().unwrap();
        inner.requests.push(text);
        let answer = inner.says.clone();
        for required in ["usage", "action", "outputs", "assessments"] {
            assert!(answer.get(required).is_some(), "the model requires {required}");
        }
        (StatusCode::OK, answer.to_string()).into_response()
    }
}

/// What the guardrail answers: its policies' findings, each with what was done about it, and the text that it leaves.
pub fn assessed(findings: &[(&str, &str, &str)], output: &str) -> Value {
    let mut assessment = json!({});
    for (policy, list, action) in findings {
        assessment[policy][list] = json!([{ "type": "EMAIL", "match": "x", "action": action }]);
    }
    let usage = json!({ "topicPolicyUnits": 1, "contentPolicyUnits": 1, "wordPolicyUnits": 1,
        "sensitiveInformationPolicyUnits": 1, "sensitiveInformationPolicyFreeUnits": 0,
        "contextualGroundingPolicyUnits": 0 });
    let intervened = findings.iter().any(|(.., action)| *action != "NONE");
    let outputs = if intervened { json!([{ "text": output }]) } else { json!([]) };
    let action = if intervened { "GUARDRAIL_INTERVENED" } else { "NONE" };
    json!({ "usage": usage, "action": action, "outputs": outputs, "assessments": [assessment] })
}

fn exception(name: &str, status: u16) -> Response {
    let headers = [("content-type", "application/json"), ("x-amzn-errortype", name)];
    (StatusCode::from_u16(status).unwrap(), headers, json!({ "message": "no" }).to_string()).into_response()
}
