//! `POST /api/sessions`: issues a guest token, which keeps its guest the same person across connections. With a guest's
//! token, that guest gets another one, and a name.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;
use parlor_protocol::http::NewSession;

use crate::app::App;
use crate::requests::{self, Request, Response};

/// Counts the request before it parses the body, so that refused bodies count too.
pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    app.chat.limiter.guest(&request.address(app).await?, now()).await?;
    let NewSession { name } = request.body()?;
    app.chat.bots.check_name(name.as_str(), &[])?;
    let session = app.identity().start_session(name.into(), request.token()?, now()).await?;
    Ok(requests::json(StatusCode::CREATED, &session))
}
