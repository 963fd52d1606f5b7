//! `PUT /api/me/guest`: makes the account that the token identifies continue as a guest.

use http::StatusCode;
use parlor_chat::error::{ChatError, Result};
use parlor_chat::now;
use parlor_chat::people::identity::IdentityKind;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::GuestLink;

use crate::app::App;
use crate::requests::{self, Request, Response};

/// Counts the request before it parses the body, so that refused bodies count too.
pub(super) async fn handle(app: &App, request: &Request) -> Result<Response> {
    let (account, kind) = request.holder(app).await?;
    app.chat.limiter.owner(&account.user_id, now()).await?;
    if kind != IdentityKind::SignedIn {
        return Err(ChatError::refused(ErrorCode::Forbidden, "only an account can continue as a guest: sign in"));
    }
    let GuestLink { token } = request.body()?;
    let guest = app.identity().guest(&token, now()).await?;
    Ok(requests::json(StatusCode::OK, &app.chat.link_guest(account, guest, now()).await?))
}
