//! `GET /api/me`: returns the person that the token identifies.

use http::StatusCode;
use parlor_chat::error::{ChatError, Result};
use parlor_protocol::error::ErrorCode;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let missing = || ChatError::refused(ErrorCode::Unauthorized, "this request needs a token");
    let person = request.person(app).await?.ok_or_else(missing)?;
    Ok(requests::json(StatusCode::OK, &person))
}
