//! `DELETE /api/rooms/{roomId}`: the owner closes the room and deletes its messages.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;
use tokio::time::Instant;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let until = Instant::now() + requests::WORKING;
    let (owner, _) = request.counted_identity(app).await?;
    let is_done = app.chat.close_room(&owner, request.room_id()?, until, now()).await?;
    Ok(requests::empty(if is_done { StatusCode::NO_CONTENT } else { StatusCode::ACCEPTED }))
}
