//! `POST /api/rooms/{roomId}/passes`: gives a pass to whoever knows the room's password. The only function that reads the
//! hash.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;

use crate::app::App;
use crate::requests::{self, Request, Response};

/// Counts the attempt before it parses the body, so that refused bodies count too.
pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let room_id = request.room_id()?;
    app.chat.limiter.password(room_id, &request.address(app).await?, now()).await?;
    let pass = app.chat.create_pass(room_id, &request.body()?, now()).await?;
    Ok(requests::json(StatusCode::CREATED, &pass))
}
