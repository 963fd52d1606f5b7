//! `GET /api/rooms/{roomId}`: describe a room to whoever has its link.

use http::StatusCode;
use lambda_runtime::Error;
use parlor_chat::now;
use parlor_chat::rooms::lobby;

use crate::app::App;
use crate::requests;

pub async fn run(app: App) -> Result<(), Error> {
    requests::serve(app, async |app, request| {
        let room = lobby::describe(&app.chat, &app.site, request.room_id()?, now()).await?;
        Ok(requests::json(StatusCode::OK, &room))
    })
    .await
}
