//! `GET /api/me`: returns the person that the token identifies, with their handle.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let (person, _) = request.identity(app).await?;
    Ok(requests::json(StatusCode::OK, &app.chat.describe_me(person, now()).await?))
}
