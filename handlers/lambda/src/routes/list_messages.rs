//! `GET /api/rooms/{roomId}/messages`: a page of what was said, for whoever has the room's link.

use http::StatusCode;
use lambda_runtime::Error;
use parlor_chat::history::{Wanted, page, page_length};
use parlor_chat::now;

use crate::app::App;
use crate::requests;

pub async fn run(app: App) -> Result<(), Error> {
    requests::serve(app, async |app, request| {
        let wanted = Wanted::new(request.number("before")?, request.number("after")?)?;
        let length = page_length(request.number("limit")?)?;
        let now = now();
        let room = app.chat.rooms.open(request.room_id()?, now).await?;
        let page = page(&app.chat, &room, wanted, length, now).await?.page;
        Ok(requests::json(StatusCode::OK, &page))
    })
    .await
}
