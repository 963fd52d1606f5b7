//! `$disconnect`: takes the connection out of its rooms. AWS delivers the event on a best-effort basis; without it, the
//! leases end.

use parlor_chat::delivery::PostCounts;
use parlor_chat::error::{ChatError, Result};
use parlor_chat::now;

use crate::app::App;
use crate::frames::{Event, Response};

pub(super) async fn handle(app: &App, event: &Event) -> Result<(PostCounts, Response)> {
    let missing = || ChatError::Service { doing: "read an event", reason: "no connection".into() };
    let connection_id = event.request_context.connection_id.as_deref().ok_or_else(missing)?;
    Ok((app.chat.disconnect(connection_id, now()).await?, Response::ok()))
}
