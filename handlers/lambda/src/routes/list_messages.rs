//! `GET /api/rooms/{roomId}/messages`: returns a log page. Anyone with the room's link may read it and, if the room has
//! a password, a pass. Where people were banned, they must say who they are.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::log::history::{PageRange, page_length};
use parlor_chat::now;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let range = PageRange::new(request.number("before")?, request.number("after")?)?;
    let numbers = page_length(request.number("limit")?)?;
    let (pass, reader) = (request.pass()?, request.person(app).await?);
    let page = app.chat.list_messages(request.room_id()?, range, numbers, pass, reader.as_ref(), now()).await?;
    Ok(requests::json(StatusCode::OK, &page))
}
