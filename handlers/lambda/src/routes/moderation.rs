//! The routes under `/api/rooms/{roomId}/moderation`: moderators act, and see what was done.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn act(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    app.chat.moderate(&me, request.room_id()?, &request.body()?, now()).await?;
    Ok(requests::empty(StatusCode::NO_CONTENT))
}

pub(super) async fn get(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    let state = app.chat.moderation(&me, request.room_id()?, request.query("cursor")?, now()).await?;
    Ok(requests::json(StatusCode::OK, &state))
}
