//! `GET /api/rooms`: the lobby.

use http::StatusCode;
use lambda_runtime::Error;
use parlor_chat::{lobby, now};

use crate::app::App;
use crate::requests;

pub async fn run(app: App) -> Result<(), Error> {
    requests::serve(app, async |app, request| {
        let (cursor, limit) = (request.query("cursor"), request.number("limit")?);
        let rooms = lobby::list(&app.chat, &app.site, cursor, limit, now()).await?;
        Ok(requests::json(StatusCode::OK, &rooms))
    })
    .await
}
