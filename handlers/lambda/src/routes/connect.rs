//! `$connect`: stores the connection, and accepts the subprotocol if the client offered it.
//!
//! Nothing can be posted yet: a post from inside `$connect` gets 410.

use http::StatusCode;
use http::header::SEC_WEBSOCKET_PROTOCOL;
use parlor_chat::delivery::PostCounts;
use parlor_chat::error::{ChatError, Result};
use parlor_chat::now;

use crate::app::App;
use crate::frames::{self, Event, Response};

/// The subprotocol that Parlor speaks. A client may offer a second one that carries its token.
const SUBPROTOCOL: &str = "parlor.v1";

pub(super) async fn handle(app: &App, event: &Event) -> Result<(PostCounts, Response)> {
    match app.chat.connect(&frames::caller(event)?, now()).await {
        Err(ChatError::Refused { .. }) => {
            return Ok((PostCounts::default(), Response::status(StatusCode::TOO_MANY_REQUESTS)));
        }
        accepted => accepted?,
    }
    let offered = event.headers.get(SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
    let is_offered = offered.is_some_and(|offered| offered.split(',').any(|protocol| protocol.trim() == SUBPROTOCOL));
    let response = Response::ok();
    let response = if is_offered { response.with_header("Sec-WebSocket-Protocol", SUBPROTOCOL) } else { response };
    Ok((PostCounts::default(), response))
}
