//! `GET /api/rooms`: the lobby.

use http::StatusCode;
use lambda_runtime::Error;
use parlor_chat::now;
use parlor_chat::rooms::lobby;

use crate::app::App;
use crate::requests;

pub async fn run(app: App) -> Result<(), Error> {
    requests::serve(app, async |app, request| {
        let (guests, limit) = (&app.identity().guests, request.number("limit")?);
        let after = match request.query("cursor")? {
            Some(cursor) => Some(guests.check_cursor(cursor, now()).await?),
            None => None,
        };
        let mut rooms = lobby::list(&app.chat, &app.site, after.as_deref(), limit, now()).await?;
        if let Some(position) = rooms.cursor {
            rooms.cursor = Some(guests.sign_cursor(&position, now()).await?);
        }
        Ok(requests::json(StatusCode::OK, &rooms))
    })
    .await
}
