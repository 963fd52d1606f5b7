//! `GET /api/rooms`: returns a lobby page. Its cursor is signed, so a client cannot make one up.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let (guests, limit) = (&app.identity().guests, request.number("limit")?);
    let after = match request.query("cursor")? {
        Some(cursor) => Some(guests.check_cursor(cursor, now()).await?),
        None => None,
    };
    let mut rooms = app.chat.list_rooms(&app.site, after.as_deref(), limit, now()).await?;
    if let Some(position) = rooms.cursor {
        rooms.cursor = Some(guests.sign_cursor(&position, now()).await?);
    }
    Ok(requests::json(StatusCode::OK, &rooms))
}
