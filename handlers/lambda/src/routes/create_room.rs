//! `POST /api/rooms`: make a room. With a token, its person owns the room.

use http::{StatusCode, header};
use lambda_runtime::Error;
use parlor_chat::{lobby, now};

use crate::app::App;
use crate::requests;

pub async fn run(app: App) -> Result<(), Error> {
    requests::serve(app, async |app, request| {
        let owner = request.person(app).await?.map(|person| person.user_id);
        let body = request.body()?;
        app.chat.limiter.room(&request.address(app).await?, now()).await?;
        let room = lobby::create(&app.chat, &app.site, body, owner, now()).await?;
        let location = format!("/api/rooms/{}", room.room_id);
        Ok(requests::with_header(requests::json(StatusCode::CREATED, &room), header::LOCATION, &location))
    })
    .await
}
