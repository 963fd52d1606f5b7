//! `POST /api/rooms/{roomId}/passes`: gives a pass to whoever knows the room's password. The only function that reads the
//! hash.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let address = request.address(app).await?;
    let pass = app.chat.create_pass(&address, request.room_id()?, &request.body()?, now()).await?;
    Ok(requests::json(StatusCode::CREATED, &pass))
}
