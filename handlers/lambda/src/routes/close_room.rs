//! `DELETE /api/rooms/{roomId}`: the owner closes the room, and what was said in it is deleted.

use http::StatusCode;
use lambda_runtime::Error;
use parlor_chat::now;
use parlor_chat::rooms::close;
use tokio::time::Instant;

use crate::app::App;
use crate::requests;

pub async fn run(app: App) -> Result<(), Error> {
    requests::serve(app, async |app, request| {
        let until = Instant::now() + requests::DELETING;
        let owner = request.owner(app).await?;
        let is_done = close::close(&app.chat, &owner, request.room_id()?, until, now()).await?;
        Ok(requests::empty(if is_done { StatusCode::NO_CONTENT } else { StatusCode::ACCEPTED }))
    })
    .await
}
