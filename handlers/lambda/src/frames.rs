//! The WebSocket's side of the edge: events in, calls of `parlor-chat`, answers posted. Nothing is returned in a body:
//! API Gateway delivers one only where a route response exists.

use std::collections::BTreeMap;

use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use parlor_chat::delivery::fanout::PostCounts;
use parlor_chat::error::{ChatError, Result};
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

/// Serves one action: reads its frame, does it, and posts an error where that failed.
pub async fn serve<F: Frame>(
    app: App,
    action: impl AsyncFn(&Chat, &Caller, F, Millis) -> Result<PostCounts>,
) -> std::result::Result<(), Error> {
    answer(app, async |app, caller, body| {
        let (frame, id) = match body.and_then(client::parse::<F>) {
            Ok(read) => read,
            Err(error) => return refuse(app, caller, error).await,
        };
        action(&app.chat, caller, frame, now()).await.map_err(|error| (error, id))
    })
    .await
}

/// Serves frames with an unknown action, or with none.
pub async fn serve_unknown(app: App) -> std::result::Result<(), Error> {
    answer(app, unknown).await
}

/// Serves events that have no frame, and that nobody is told of when they fail. `kind` is the gateway's name for them. A frame
/// that names one as its action is an unknown one.
pub async fn serve_event(
    app: App,
    kind: &'static str,
    handle: impl AsyncFn(&App, &Event) -> Result<(PostCounts, Response)>,
) -> std::result::Result<(), Error> {
    run(app, async |app, event| {
        if !is_of(kind, event) {
            return reply(app, event, &unknown).await;
        }
        handle(app, event).await.map(|(tally, response)| (Ok(tally), response))
    })
    .await
}

/// Whether the gateway says that this happened. That the route was reached does not: clients choose it by `action`.
fn is_of(kind: &str, event: &Event) -> bool {
    event.request_context.event_type.as_deref() == Some(kind)
}

type Failure = (ChatError, Option<FrameId>);

async fn answer(
    app: App,
    handle: impl AsyncFn(&App, &Caller, std::result::Result<&str, FrameError>) -> std::result::Result<PostCounts, Failure>,
) -> std::result::Result<(), Error> {
    run(app, async |app, event| reply(app, event, &handle).await).await
}

/// Handles a frame, and posts an error where that failed.
async fn reply(
    app: &App,
    event: &Event,
    handle: &impl AsyncFn(&App, &Caller, std::result::Result<&str, FrameError>) -> std::result::Result<PostCounts, Failure>,
) -> Result<(Result<PostCounts>, Response)> {
    let caller = caller(event)?;
    let outcome = match handle(app, &caller, body(event)).await {
        Ok(tally) => Ok(tally),
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

async fn unknown(
    app: &App,
    caller: &Caller,
    body: std::result::Result<&str, FrameError>,
) -> std::result::Result<PostCounts, Failure> {
    refuse(app, caller, body.map_or_else(|error| error, client::unknown_action_error)).await
}

/// Serves events. The handler gives what came of it, for the log, and what API Gateway is to get; where it fails
/// altogether, so does the invocation.
async fn run(
    app: App,
    handle: impl AsyncFn(&App, &Event) -> Result<(Result<PostCounts>, Response)>,
) -> std::result::Result<(), Error> {
    let (app, handle) = (&app, &handle);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Event>| {
        let invocation = Invocation::start(&app.route);
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

/// What API Gateway gets back. Not `aws_lambda_events`' type, which writes header names in lower case: AWS documents
/// `Sec-WebSocket-Protocol` in this spelling only.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    status_code: u16,
    headers: BTreeMap<&'static str, &'static str>,
}

impl Response {
    pub fn ok() -> Self {
        Self { status_code: 200, headers: BTreeMap::new() }
    }

    pub fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.insert(name, value);
        self
    }
}

/// Where a frame came from, by the gateway's word alone.
pub fn caller(event: &Event) -> Result<Caller> {
    let context = &event.request_context;
    let field = |name: &str| context.authorizer.fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let missing = || ChatError::Service { doing: "read an event", reason: "no connection or no identity".into() };
    Ok(Caller {
        connection_id: context.connection_id.clone().ok_or_else(missing)?,
        user_id: field("userId").ok_or_else(missing)?,
        name: field("name").ok_or_else(missing)?,
    })
}

/// The frame as it came.
///
/// # Errors
/// `badFrame` for what is no text.
pub fn body(event: &Event) -> std::result::Result<&str, FrameError> {
    match &event.body {
        Some(body) if !event.is_base64_encoded => Ok(body),
        _ => Err(FrameError { code: ErrorCode::BadFrame, message: "frames are JSON text".into(), id: None }),
    }
}

/// What is no frame counts like one.
async fn refuse(app: &App, caller: &Caller, error: FrameError) -> std::result::Result<PostCounts, Failure> {
    let FrameError { code, message, id } = error;
    let counted = app.chat.limiter.frame(caller, None, now()).await;
    Err((counted.err().unwrap_or_else(|| ChatError::refused(code, message)), id))
}

fn error_frame(error: &ChatError, id: Option<FrameId>) -> ServerFrame {
    let code = error.code();
    ServerFrame::Error(ErrorFrame {
        code,
        message: error.public_message(),
        retryable: code.retryable(),
        retry_after_ms: error.retry_after(),
        id,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    #[allow(clippy::unwrap_used, reason = "a test says what went wrong by stopping")]
    fn a_frame_that_reaches_the_route_of_an_event_is_not_that_event() {
        let of = |route: &str, kind: &str| {
            let context = json!({ "routeKey": route, "eventType": kind, "connectedAt": 0, "requestTimeEpoch": 0 });
            serde_json::from_value::<Event>(json!({ "requestContext": context })).unwrap()
        };
        assert!(is_of("CONNECT", &of("$connect", "CONNECT")));
        assert!(!is_of("CONNECT", &of("$connect", "MESSAGE")));
        assert!(is_of("DISCONNECT", &of("$disconnect", "DISCONNECT")));
        assert!(!is_of("DISCONNECT", &of("$disconnect", "MESSAGE")));
    }
}
