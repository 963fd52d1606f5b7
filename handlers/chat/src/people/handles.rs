//! Handles: names that are unique in the stage, by which people find each other.

use aws_sdk_dynamodb::types::TransactWriteItem;
use parlor_protocol::Millis;
use parlor_protocol::client::Register;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::GUEST_TOKEN_LIFETIME;
use parlor_protocol::person::{Person, Profile};
use parlor_protocol::server::{Registered, ServerFrame};
use parlor_protocol::text::Handle;

use crate::bots::Bots;
use crate::delivery::{Fanout, PostCounts};
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::people::identity::IdentityKind;
use crate::store::{CONNECTION_ROW_LIFE, Claimant, Claimed, People, expired};
use crate::{Caller, millis};

/// Claims a handle for the caller's person. That of a guest without a token ends with the connection.
///
/// # Errors
/// `rateLimited`, `handleTaken`, `connectionExpired`, `unavailable`.
pub async fn register(
    limiter: &Limiter,
    people: &People,
    bots: &Bots,
    fanout: Fanout<'_>,
    caller: &Caller,
    frame: Register,
    now: Millis,
) -> Result<PostCounts> {
    let Register { handle, id } = frame;
    limiter.owner_frame(caller, now).await?;
    let person = Person { user_id: caller.user_id.clone(), name: caller.name.clone() };
    let (until, note) = match caller.kind {
        Some(IdentityKind::GuestWithToken) => (until_token_ends(now), None),
        Some(IdentityKind::SignedIn) => (None, None),
        Some(IdentityKind::Guest) | None => {
            // In case `$disconnect` never comes.
            let until = now + CONNECTION_ROW_LIFE;
            (Some(until), Some(fanout.connections.handle_note(&caller.connection_id, handle.as_str())?))
        }
    };
    bots.leave_handle(&handle)?;
    let profile = take(people, person, until, note, handle, now).await?;
    fanout.poster.post(&caller.connection_id, &ServerFrame::Registered(Registered { profile, id })).await;
    Ok(PostCounts::default())
}

/// Claims a handle for a person with a token.
///
/// # Errors
/// `handleTaken`, `unavailable`.
pub async fn claim(
    people: &People,
    person: Person,
    kind: IdentityKind,
    handle: Handle,
    now: Millis,
) -> Result<Profile> {
    let until = if kind == IdentityKind::SignedIn { None } else { until_token_ends(now) };
    take(people, person, until, None, handle, now).await
}

/// Claims a handle until `until`. `note` is stored in the connection's row in the same transaction.
async fn take(
    people: &People,
    person: Person,
    until: Option<Millis>,
    note: Option<TransactWriteItem>,
    handle: Handle,
    now: Millis,
) -> Result<Profile> {
    let Person { user_id, name } = person;
    match people.claim(&handle, &Claimant { user_id: &user_id, name: &name, until }, note.as_ref(), now).await? {
        Claimed::Done => Ok(Profile { user_id, name, handle: handle.into() }),
        Claimed::ByAnother => Err(taken()),
        Claimed::WithoutNote => Err(expired()),
    }
}

pub(crate) fn taken() -> ChatError {
    ChatError::refused(ErrorCode::HandleTaken, "somebody else has this handle, or one that looks like it")
}

/// No guest token that is valid now is valid after this.
fn until_token_ends(now: Millis) -> Option<Millis> {
    Some(now + millis(GUEST_TOKEN_LIFETIME))
}
