//! `GET /api/rooms/{roomId}/messages`: returns a log page. Anyone with the room's link may read it.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::log::history::{PageLimits, PageRange, page, page_length};
use parlor_chat::now;
use parlor_protocol::limits::PAGE_BYTES;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let range = PageRange::new(request.number("before")?, request.number("after")?)?;
    let limits = PageLimits { numbers: page_length(request.number("limit")?)?, bytes: PAGE_BYTES, min_events: 1 };
    let now = now();
    let room = app.chat.rooms.open(request.room_id()?, now).await?;
    let page = page(&app.chat.log, &room, range, limits, now).await?;
    Ok(requests::json(StatusCode::OK, &page))
}
