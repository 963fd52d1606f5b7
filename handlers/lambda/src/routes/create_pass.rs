//! `POST /api/rooms/{roomId}/passes`: exchanges a room's password for a pass. The only function that checks the
//! password's hash.

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
