//! `GET /api/people/{handle}`: returns the person who has a handle. Counts against the address
//! before it reads the path, because trying many handles shows who is here.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::now;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    app.chat.limiter.lookup(&request.address(app).await?, now()).await?;
    let found = app.chat.find_person(&request.handle()?, now()).await?;
    Ok(requests::json(StatusCode::OK, &found.ok_or_else(requests::nobody_has_handle)?))
}
