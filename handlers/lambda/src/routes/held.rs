//! `GET /api/rooms/{roomId}/held`: the messages that wait for a moderator.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn list(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    let held = app.chat.held(&me, request.room_id()?, request.query("cursor")?, now()).await?;
    Ok(requests::json(StatusCode::OK, &held))
}
