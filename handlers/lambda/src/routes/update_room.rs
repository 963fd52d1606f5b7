//! `PATCH /api/rooms/{roomId}`: the owner gives the room another name or topic.

use http::StatusCode;
use lambda_runtime::Error;
use parlor_chat::now;
use parlor_chat::rooms::update;

use crate::app::App;
use crate::requests;

pub async fn run(app: App) -> Result<(), Error> {
    requests::serve(app, async |app, request| {
        let owner = request.owner(app).await?;
        let room = update::update(&app.chat, &app.site, &owner, request.room_id()?, &request.body()?, now()).await?;
        Ok(requests::json(StatusCode::OK, &room))
    })
    .await
}
