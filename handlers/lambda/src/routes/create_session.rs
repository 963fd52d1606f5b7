//! `POST /api/sessions`: become a guest who stays the same person over reconnects.

use http::StatusCode;
use lambda_runtime::Error;
use parlor_chat::error::Result;
use parlor_chat::now;
use parlor_protocol::http::NewSession;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub async fn run(app: App) -> std::result::Result<(), Error> {
    requests::serve(app, create).await
}

/// Counts before it looks at the body: one that is refused counts as well.
pub(super) async fn create(app: &App, request: &Request) -> Result<Response> {
    app.chat.limiter.guest(&request.address(app).await?, now()).await?;
    let NewSession { name } = request.body()?;
    let session = app.identity().start_session(name.into(), now()).await?;
    Ok(requests::json(StatusCode::CREATED, &session))
}
