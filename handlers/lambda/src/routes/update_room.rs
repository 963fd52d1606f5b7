//! `PATCH /api/rooms/{roomId}`: the owner changes the room's name, topic or rules.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let (owner, _) = request.counted_identity(app).await?;
    let room = app.chat.update_room(&app.site, &owner, request.room_id()?, &request.body()?, now()).await?;
    Ok(requests::json(StatusCode::OK, &room))
}
