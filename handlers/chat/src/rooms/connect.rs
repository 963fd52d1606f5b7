//! Accepting a connection.

use futures_util::future::try_join;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::CONNECTIONS_PER_PERSON;

use crate::delivery::Fanout;
use crate::error::{ChatError, Result};
use crate::people::identity::IdentityKind;
use crate::{Caller, READS_AT_ONCE};

/// Stores a new connection. From then on it receives its person's conversations.
///
/// # Errors
/// `tooManyConnections` if the person has too many others; `unavailable`.
pub async fn connect(fanout: Fanout<'_>, caller: &Caller, now: Millis) -> Result<()> {
    let connections = fanout.connections;
    try_join(connections.open(caller, now), connections.receive(caller, now)).await?;
    // Without a token, every connection is a person of its own.
    if caller.kind == Some(IdentityKind::Guest) {
        return Ok(());
    }
    let (id, user_id) = (&caller.connection_id, &caller.user_id);
    let may_connect = may_connect(fanout, user_id, now).await;
    if matches!(may_connect, Ok(true)) {
        return Ok(());
    }
    try_join(connections.close(id), connections.stop_receiving(user_id, id)).await?;
    may_connect?;
    let message = format!("a person can have {CONNECTIONS_PER_PERSON} connections at a time; close one first");
    Err(ChatError::refused(ErrorCode::TooManyConnections, message))
}

/// Whether a person may have another connection. Every connection writes its row before it counts, so whichever counts
/// last sees all the others. If there are too many, removes those that broke unnoticed.
async fn may_connect(fanout: Fanout<'_>, user_id: &str, now: Millis) -> Result<bool> {
    let all = fanout.connections.of_person(user_id).await?;
    let live: Vec<_> = all.iter().filter(|connection| connection.is_live(now)).collect();
    if live.len() <= CONNECTIONS_PER_PERSON {
        return Ok(true);
    }
    let settled = live.iter().filter(|connection| !connection.may_be_opening(now));
    let removals = settled.map(async |connection| {
        let is_gone = fanout.poster.is_gone(&connection.connection_id).await;
        if is_gone {
            fanout.connections.stop_receiving(user_id, &connection.connection_id).await?;
        }
        Ok::<_, ChatError>(is_gone)
    });
    let removed: Vec<bool> = stream::iter(removals).buffered(READS_AT_ONCE).try_collect().await?;
    let gone = removed.into_iter().filter(|is_gone| *is_gone).count();
    Ok(live.len() - gone <= CONNECTIONS_PER_PERSON)
}
