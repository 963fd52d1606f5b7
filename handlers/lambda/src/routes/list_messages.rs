//! `GET /api/rooms/{roomId}/messages`: a page of what was said, for whoever has the room's link.

use http::StatusCode;
use lambda_runtime::Error;
use parlor_chat::log::history::{PageLimits, PageRange, page, page_length};
use parlor_chat::now;
use parlor_protocol::limits::PAGE_BYTES;

use crate::app::App;
use crate::requests;

pub async fn run(app: App) -> Result<(), Error> {
    requests::serve(app, async |app, request| {
        let wanted = PageRange::new(request.number("before")?, request.number("after")?)?;
        let extent = PageLimits { numbers: page_length(request.number("limit")?)?, bytes: PAGE_BYTES, min_events: 1 };
        let now = now();
        let room = app.chat.rooms.open(request.room_id()?, now).await?;
        let page = page(&app.chat, &room, wanted, extent, now).await?;
        Ok(requests::json(StatusCode::OK, &page))
    })
    .await
}
