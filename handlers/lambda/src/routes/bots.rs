//! `PUT` and `DELETE /api/rooms/{roomId}/bots/{name}`: the owner allows a bot in the room, or removes it.

use http::StatusCode;
use parlor_chat::bots::allow::Decision;
use parlor_chat::error::Result;
use parlor_chat::now;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn allow(app: &App, request: &Request) -> Result<Response> {
    set(app, request, true).await
}

pub(super) async fn remove(app: &App, request: &Request) -> Result<Response> {
    set(app, request, false).await
}

async fn set(app: &App, request: &Request, is_allowed: bool) -> Result<Response> {
    let (owner, _) = request.counted_identity(app).await?;
    let decision = Decision { room_id: request.room_id()?, name: request.bot_name()?, is_allowed };
    let room = app.chat.set_bot(&app.site, &owner, decision, now()).await?;
    Ok(requests::json(StatusCode::OK, &room))
}
