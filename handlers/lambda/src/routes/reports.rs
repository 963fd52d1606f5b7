//! The routes under `/api/rooms/{roomId}/reports`: people report messages, and moderators see what was reported.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn report(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    app.chat.report(&me, request.room_id()?, &request.body()?, request.pass()?, now()).await?;
    Ok(requests::empty(StatusCode::NO_CONTENT))
}

pub(super) async fn list(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    let reports = app.chat.reports(&me, request.room_id()?, request.number("cursor")?, now()).await?;
    Ok(requests::json(StatusCode::OK, &reports))
}
