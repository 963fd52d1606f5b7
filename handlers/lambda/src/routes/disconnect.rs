//! `$disconnect`: the connection is in no room any more. Best effort: where it does not come, leases end.

use lambda_runtime::Error;
use parlor_chat::error::ChatError;
use parlor_chat::now;
use parlor_chat::rooms::leave;

use crate::app::App;
use crate::frames::{self, Response};

pub async fn run(app: App) -> Result<(), Error> {
    frames::serve_event(app, "DISCONNECT", async |app, event| {
        let missing = || ChatError::Service { doing: "read an event", reason: "no connection".into() };
        let connection_id = event.request_context.connection_id.as_deref().ok_or_else(missing)?;
        Ok((leave::disconnect(&app.chat, connection_id, now()).await?, Response::ok()))
    })
    .await
}
