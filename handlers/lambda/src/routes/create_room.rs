//! `POST /api/rooms`: make a room. With a token, its person owns the room.

use http::{StatusCode, header};
use lambda_runtime::Error;
use parlor_chat::error::Result;
use parlor_chat::now;
use parlor_chat::rooms::lobby;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub async fn run(app: App) -> std::result::Result<(), Error> {
    requests::serve(app, create).await
}

/// Counts before it looks at the body: one that is refused counts as well.
pub(super) async fn create(app: &App, request: &Request) -> Result<Response> {
    let owner = request.person(app).await?.map(|person| person.user_id);
    app.chat.limiter.room(&request.address(app).await?, now()).await?;
    let room = lobby::create(&app.chat, &app.site, request.body()?, owner, now()).await?;
    let location = format!("/api/rooms/{}", room.room_id);
    Ok(requests::with_header(requests::json(StatusCode::CREATED, &room), header::LOCATION, &location))
}
