//! `POST /api/rooms`: creates a room. With a token, the caller owns it.

use http::{StatusCode, header};
use parlor_chat::error::Result;
use parlor_chat::now;

use crate::app::App;
use crate::requests::{self, Request, Response};

/// Counts the request before it parses the body, so that refused bodies count too.
pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let owner = request.person(app).await?.map(|person| person.user_id);
    app.chat.limiter.room(&request.address(app).await?, now()).await?;
    let room = app.chat.create_room(&app.site, request.body()?, owner, now()).await?;
    let location = format!("/api/rooms/{}", room.room_id);
    Ok(requests::with_header(requests::json(StatusCode::CREATED, &room), header::LOCATION, &location))
}
