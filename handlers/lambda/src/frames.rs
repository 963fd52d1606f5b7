//! WebSockets: turns events into calls of `parlor-chat` and posts the answers.
//!
//! Functions return no body: API Gateway delivers one only if the route has a route response.

use std::collections::BTreeMap;

use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
use http::StatusCode;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use parlor_chat::delivery::PostCounts;
use parlor_chat::error::{ChatError, Result};
use parlor_chat::people::identity::IdentityKind;
use parlor_chat::{Caller, Chat, now};
use parlor_protocol::Millis;
use parlor_protocol::client::{self, Frame, FrameError};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::server::{ErrorFrame, ServerFrame};
use parlor_protocol::text::FrameId;
use serde::Serialize;
use serde_json::Value;

use crate::app::App;
use crate::telemetry::Invocation;

pub type Event = ApiGatewayWebsocketProxyRequest;

/// The body of a frame, or why it is not text.
type Body<'a> = std::result::Result<&'a str, FrameError>;

/// What a frame led to, or why it was refused, with the `id` that the error frame repeats.
type Outcome = std::result::Result<PostCounts, (ChatError, Option<FrameId>)>;

/// Serves one action: parses its frames, calls `action`, and posts an error frame if either fails.
pub async fn serve<F: Frame>(
    app: App,
    action: impl AsyncFn(&Chat, &Caller, F, Millis) -> Result<PostCounts>,
) -> std::result::Result<(), Error> {
    serve_frames(app, async |app, caller, body| {
        let (frame, id) = match body.and_then(client::parse::<F>) {
            Ok(parsed) => parsed,
            Err(error) => return refuse(app, caller, error).await,
        };
        action(&app.chat, caller, frame, now()).await.map_err(|error| (error, id))
    })
    .await
}

/// Serves frames with an unknown action, or without one.
pub async fn serve_unknown(app: App) -> std::result::Result<(), Error> {
    serve_frames(app, refuse_unknown).await
}

/// Serves events that carry no frame. If one fails, the invocation fails and the client gets no answer.
///
/// `event_type` is API Gateway's name for the event. A frame whose `action` is the route's key reaches this function too, and
/// is refused as unknown.
pub async fn serve_event(
    app: App,
    event_type: &'static str,
    handle: impl AsyncFn(&App, &Event) -> Result<(PostCounts, Response)>,
) -> std::result::Result<(), Error> {
    run(app, async |app, event| {
        if !is_type(event_type, event) {
            return answer(app, event, &refuse_unknown).await;
        }
        handle(app, event).await.map(|(counts, response)| (Ok(counts), response))
    })
    .await
}

/// Returns whether API Gateway reports this type of event. The route alone does not tell: clients choose it by `action`.
fn is_type(event_type: &str, event: &Event) -> bool {
    event.request_context.event_type.as_deref() == Some(event_type)
}

async fn serve_frames(
    app: App,
    handle: impl AsyncFn(&App, &Caller, Body<'_>) -> Outcome,
) -> std::result::Result<(), Error> {
    run(app, async |app, event| answer(app, event, &handle).await).await
}

/// Handles one frame, and posts an error frame if it is refused or fails.
async fn answer(
    app: &App,
    event: &Event,
    handle: &impl AsyncFn(&App, &Caller, Body<'_>) -> Outcome,
) -> Result<(Result<PostCounts>, Response)> {
    let caller = caller(event)?;
    let outcome = match handle(app, &caller, body(event)).await {
        Ok(counts) => Ok(counts),
        Err((error, id)) => {
            app.chat.poster.post(&caller.connection_id, &error_frame(&error, id)).await;
            if error.code() == ErrorCode::RateLimited {
                app.chat.count_refusal(&caller.connection_id, now()).await;
            }
            Err(error)
        }
    };
    Ok((outcome, Response::ok()))
}

/// Runs the function. `handle` returns the outcome, for the log line, and the response for API Gateway. If `handle` itself
/// fails, the invocation fails.
async fn run(
    app: App,
    handle: impl AsyncFn(&App, &Event) -> Result<(Result<PostCounts>, Response)>,
) -> std::result::Result<(), Error> {
    let (app, handle) = (&app, &handle);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Event>| {
        let invocation = Invocation::start(app);
        match handle(app, &event.payload).await {
            Ok((outcome, response)) => {
                invocation.ended(outcome.as_ref().copied());
                Ok(response)
            }
            Err(error) => {
                invocation.ended(Err(&error));
                Err(Error::from(error))
            }
        }
    }))
    .await
}

/// The response to API Gateway. The type of `aws_lambda_events` writes header names in lower case, but AWS documents
/// `Sec-WebSocket-Protocol` in this spelling only.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    status_code: u16,
    headers: BTreeMap<&'static str, &'static str>,
}

impl Response {
    pub fn ok() -> Self {
        Self::status(StatusCode::OK)
    }

    pub fn status(status: StatusCode) -> Self {
        Self { status_code: status.as_u16(), headers: BTreeMap::new() }
    }

    pub fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.insert(name, value);
        self
    }
}

/// Returns who sent the frame, from API Gateway's context only.
///
/// # Errors
/// `unavailable` if the context lacks the connection or the identity.
pub fn caller(event: &Event) -> Result<Caller> {
    let context = &event.request_context;
    let field = |name: &str| context.authorizer.fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let missing = || ChatError::Service { doing: "read an event", reason: "no connection or no identity".into() };
    Ok(Caller {
        connection_id: context.connection_id.clone().ok_or_else(missing)?,
        user_id: field("userId").ok_or_else(missing)?,
        name: field("name").ok_or_else(missing)?,
        kind: field("kind").and_then(|kind| IdentityKind::from_name(&kind)),
        address: field("address"),
    })
}

/// Returns the body of a frame.
///
/// # Errors
/// `badFrame` if it is not text.
pub fn body(event: &Event) -> Body<'_> {
    match &event.body {
        Some(body) if !event.is_base64_encoded => Ok(body),
        _ => Err(FrameError { code: ErrorCode::BadFrame, message: "frames must be JSON text".into(), id: None }),
    }
}

/// Refuses an invalid frame. It counts against the rates like a valid one.
async fn refuse(app: &App, caller: &Caller, error: FrameError) -> Outcome {
    let FrameError { code, message, id } = error;
    let counted = app.chat.limiter.frame(caller, None, now()).await;
    Err((counted.err().unwrap_or_else(|| ChatError::refused(code, message)), id))
}

async fn refuse_unknown(app: &App, caller: &Caller, body: Body<'_>) -> Outcome {
    refuse(app, caller, body.map_or_else(|error| error, client::unknown_action_error)).await
}

fn error_frame(error: &ChatError, id: Option<FrameId>) -> ServerFrame {
    let code = error.code();
    ServerFrame::Error(ErrorFrame {
        code,
        message: error.public_message(),
        retryable: code.retryable(),
        retry_after_ms: error.retry_after(),
        restriction: error.restriction(),
        id,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    #[allow(clippy::unwrap_used, reason = "a failed test may panic")]
    fn a_caller_has_the_kind_that_the_authorizer_passed_on_if_it_is_known() {
        let kind = |kind: Option<&str>| {
            let mut authorizer = json!({ "userId": "ada", "name": "Ada" });
            if let (Some(kind), Some(fields)) = (kind, authorizer.as_object_mut()) {
                fields.insert("kind".into(), kind.into());
            }
            let context =
                json!({ "connectionId": "ada-1", "authorizer": authorizer, "connectedAt": 0, "requestTimeEpoch": 0 });
            let event = serde_json::from_value(json!({ "requestContext": context })).unwrap();
            caller(&event).unwrap().kind
        };
        for known in [IdentityKind::Guest, IdentityKind::GuestWithToken, IdentityKind::SignedIn] {
            assert_eq!(kind(Some(known.as_str())), Some(known));
        }
        assert_eq!(kind(None), None);
        assert_eq!(kind(Some("robot")), None);
    }

    #[test]
    #[allow(clippy::unwrap_used, reason = "a failed test may panic")]
    fn a_frame_that_names_the_route_of_an_event_is_not_that_event() {
        let event = |route: &str, event_type: &str| {
            let context =
                json!({ "routeKey": route, "eventType": event_type, "connectedAt": 0, "requestTimeEpoch": 0 });
            serde_json::from_value::<Event>(json!({ "requestContext": context })).unwrap()
        };
        assert!(is_type("CONNECT", &event("$connect", "CONNECT")));
        assert!(!is_type("CONNECT", &event("$connect", "MESSAGE")));
        assert!(is_type("DISCONNECT", &event("$disconnect", "DISCONNECT")));
        assert!(!is_type("DISCONNECT", &event("$disconnect", "MESSAGE")));
    }
}
