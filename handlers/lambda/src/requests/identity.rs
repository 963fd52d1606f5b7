//! Who makes a request, as its token says.

use futures_util::future::try_join;
use http::header;
use parlor_chat::error::{ChatError, Result};
use parlor_chat::now;
use parlor_chat::people::identity::IdentityKind;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::person::Person;

use super::Request;
use crate::app::App;

impl Request {
    /// Returns the bearer token, if the request has one.
    ///
    /// # Errors
    /// `unauthorized` for any other kind of credentials.
    pub fn token(&self) -> Result<Option<&str>> {
        let Some(value) = self.headers().get(header::AUTHORIZATION) else { return Ok(None) };
        let token = value
            .to_str()
            .ok()
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        match token {
            Some((_, token)) => Ok(Some(token.trim())),
            None => Err(ChatError::refused(ErrorCode::Unauthorized, "send the token as Authorization: Bearer <token>")),
        }
    }

    /// Returns whom the token identifies, and the kind of token.
    ///
    /// # Errors
    /// `unauthorized` if there is no token, or if it is not valid.
    pub async fn holder(&self, app: &App) -> Result<(Person, IdentityKind)> {
        app.identity().identify(self.token()?.ok_or_else(token_needed)?, now()).await
    }

    /// Returns the person who makes the request; `None` without a token.
    ///
    /// # Errors
    /// `unauthorized` if the token is not valid.
    pub async fn person(&self, app: &App) -> Result<Option<Person>> {
        match self.token()? {
            Some(_) => self.identity(app).await.map(|(person, _)| Some(person)),
            None => Ok(None),
        }
    }

    /// Returns the person who makes the request, and the kind of their token.
    ///
    /// # Errors
    /// `unauthorized` if there is no token, or if it is not valid.
    pub async fn identity(&self, app: &App) -> Result<(Person, IdentityKind)> {
        let (holder, kind) = self.holder(app).await?;
        Ok((app.chat.person(holder, kind).await?, kind))
    }

    /// Like [`Self::identity`], and counts the request for the token's holder. For requests in which people change what
    /// is theirs, such as their rooms; whether they own a room is checked where it is read.
    ///
    /// # Errors
    /// `unauthorized`, `rateLimited`.
    pub async fn counted_identity(&self, app: &App) -> Result<(Person, IdentityKind)> {
        let (holder, kind) = self.holder(app).await?;
        let counted = app.chat.limiter.owner(&holder.user_id, now());
        let ((), person) = try_join(counted, app.chat.person(holder.clone(), kind)).await?;
        Ok((person, kind))
    }
}

fn token_needed() -> ChatError {
    ChatError::refused(ErrorCode::Unauthorized, "this request needs a token")
}
