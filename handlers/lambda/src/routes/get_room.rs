//! `GET /api/rooms/{roomId}`: returns a room's details. Anyone with the room's link may read them; who is inside, only
//! with a pass if the room has a password, or with a token if it has banned people.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let (pass, viewer) = (request.pass()?, request.person(app).await?);
    let room = app.chat.describe_room(&app.site, request.room_id()?, pass, viewer.as_ref(), now()).await?;
    Ok(requests::json(StatusCode::OK, &room))
}
