//! `PUT /api/me/handle`: claims a handle for the person that the token identifies, or renews it.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;
use parlor_protocol::http::HandleClaim;

use crate::app::App;
use crate::requests::{self, Request, Response};

/// Counts the request before it parses the body, so that refused bodies count too.
pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let (person, kind) = request.counted_identity(app).await?;
    let HandleClaim { handle } = request.body()?;
    let profile = app.chat.claim_handle(person, kind, handle, now()).await?;
    Ok(requests::json(StatusCode::OK, &profile))
}
