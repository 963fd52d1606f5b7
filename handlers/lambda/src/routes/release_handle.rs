//! `DELETE /api/me/handle`: releases the handle of the person that the token identifies.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let (person, _) = request.counted_identity(app).await?;
    app.chat.release_handle(&person.user_id, now()).await?;
    Ok(requests::empty(StatusCode::NO_CONTENT))
}
