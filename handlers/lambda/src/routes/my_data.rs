//! `GET /api/me/export` and `DELETE /api/me`: everything that is stored about the person that the token identifies.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;
use parlor_chat::people::erase::Erasure;
use tokio::time::Instant;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn export(app: &App, request: &Request) -> Result<Response> {
    let until = Instant::now() + requests::WORKING;
    let (me, _) = request.counted_identity(app).await?;
    let page = app.chat.export(me, request.query("cursor")?, until, now()).await?;
    Ok(requests::json(StatusCode::OK, &page))
}

pub(super) async fn erase(app: &App, request: &Request) -> Result<Response> {
    let until = Instant::now() + requests::WORKING;
    let (me, _) = request.counted_identity(app).await?;
    let erasure =
        Erasure { user_id: &me.user_id, messages: request.flag("messages")?, cursor: request.query("cursor")? };
    Ok(match app.chat.erase(erasure, until, now()).await? {
        None => requests::empty(StatusCode::NO_CONTENT),
        Some(erasing) => requests::json(StatusCode::ACCEPTED, &erasing),
    })
}
