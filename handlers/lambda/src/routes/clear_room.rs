//! `DELETE /api/rooms/{roomId}/messages`: the owner deletes what was said, and the room goes on.

use http::StatusCode;
use lambda_runtime::Error;
use parlor_chat::{clear, now};

use crate::app::App;
use crate::requests;

pub async fn run(app: App) -> Result<(), Error> {
    requests::serve(app, async |app, request| {
        let owner = request.owner(app).await?;
        clear::clear(&app.chat, &owner, request.room_id()?, now()).await?;
        Ok(requests::empty(StatusCode::NO_CONTENT))
    })
    .await
}
