//! `DELETE /api/rooms/{roomId}`: the owner closes the room, and what was said in it is deleted.

use http::StatusCode;
use lambda_runtime::Error;
use parlor_chat::error::ChatError;
use parlor_chat::{close, now};
use parlor_protocol::error::ErrorCode;

use crate::app::App;
use crate::requests;

pub async fn run(app: App) -> Result<(), Error> {
    requests::serve(app, async |app, request| {
        let nobody = || ChatError::refused(ErrorCode::Unauthorized, "closing a room needs its owner's token");
        let owner = request.person(app).await?.ok_or_else(nobody)?;
        close::close(&app.chat, &owner.user_id, request.room_id()?, now()).await?;
        Ok(requests::empty(StatusCode::NO_CONTENT))
    })
    .await
}
