//! `DELETE /api/rooms/{roomId}/messages`: the owner deletes what was said, and the room goes on.

use http::StatusCode;
use lambda_runtime::Error;
use parlor_chat::log::clear;
use parlor_chat::now;
use tokio::time::Instant;

use crate::app::App;
use crate::requests;

pub async fn run(app: App) -> Result<(), Error> {
    requests::serve(app, async |app, request| {
        let until = Instant::now() + requests::DELETING;
        let owner = request.owner(app).await?;
        let (room_id, epoch) = (request.room_id()?, request.query("epoch")?);
        Ok(match clear::clear(&app.chat, &owner, room_id, epoch, until, now()).await? {
            None => requests::empty(StatusCode::NO_CONTENT),
            Some(clearing) => requests::json(StatusCode::ACCEPTED, &clearing),
        })
    })
    .await
}
