//! `$connect`: notes the connection, and answers the subprotocol where one was offered. Nothing can be posted yet: a post
//! from inside `$connect` gets 410.

use http::header::SEC_WEBSOCKET_PROTOCOL;
use lambda_runtime::Error;
use parlor_chat::delivery::fanout::PostCounts;
use parlor_chat::now;

use crate::app::App;
use crate::frames::{self, Response};

/// The subprotocol that Parlor speaks. What else a client offers beside it carries its token.
const SUBPROTOCOL: &str = "parlor.v1";

pub async fn run(app: App) -> Result<(), Error> {
    frames::serve_event(app, "CONNECT", async |app, event| {
        app.chat.connections.open(&frames::caller(event)?, now()).await?;
        let offered = event.headers.get(SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
        let speaks = offered.is_some_and(|offered| offered.split(',').any(|protocol| protocol.trim() == SUBPROTOCOL));
        let response = Response::ok();
        let response = if speaks { response.with_header("Sec-WebSocket-Protocol", SUBPROTOCOL) } else { response };
        Ok((PostCounts::default(), response))
    })
    .await
}
