//! `DELETE /api/rooms/{roomId}/messages`: the owner deletes all messages and the room continues.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;
use tokio::time::Instant;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let until = Instant::now() + requests::WORKING;
    let (owner, _) = request.counted_identity(app).await?;
    let (room_id, epoch) = (request.room_id()?, request.query("epoch")?);
    Ok(match app.chat.clear_room(&owner, room_id, epoch, until, now()).await? {
        None => requests::empty(StatusCode::NO_CONTENT),
        Some(clearing) => requests::json(StatusCode::ACCEPTED, &clearing),
    })
}
