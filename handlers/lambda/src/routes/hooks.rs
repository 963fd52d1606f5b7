//! Webhooks: `POST /api/rooms/{roomId}/hooks`, with which a room's owner makes one, and `POST /api/hooks/{hookId}`, with
//! which a program outside writes in the room.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;
use parlor_protocol::http::NewHook;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn create(app: &App, request: &Request) -> Result<Response> {
    let (owner, _) = request.counted_identity(app).await?;
    let new: NewHook = request.body()?;
    let hook = app.chat.create_hook(&owner, request.room_id()?, new, app.scheme(), now()).await?;
    Ok(requests::json(StatusCode::CREATED, &hook))
}

pub(super) async fn post(app: &App, request: &Request) -> Result<Response> {
    let (id, secret) = request.hook()?;
    let receipt = app.chat.post_hook(id, secret, request.body()?, now()).await?;
    Ok(requests::json(StatusCode::CREATED, &receipt))
}
