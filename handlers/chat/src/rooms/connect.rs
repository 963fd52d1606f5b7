//! Accepting a connection.

use futures_util::future::try_join;
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::CONNECTIONS_PER_PERSON;

use crate::Caller;
use crate::error::{ChatError, Result};
use crate::people::identity::IdentityKind;
use crate::store::Connections;

/// Stores a new connection. From then on it receives its person's conversations.
///
/// # Errors
/// `tooManyConnections` if the person has too many others; `unavailable`.
pub async fn connect(connections: &Connections, caller: &Caller, now: Millis) -> Result<()> {
    try_join(connections.open(caller, now), connections.receive(caller, now)).await?;
    // Without a token, every connection is a person of its own.
    if caller.kind == Some(IdentityKind::Guest) {
        return Ok(());
    }
    // Everyone writes their row before they count. Of those who are let in, the last one to count has counted all.
    let all = connections.of_person(&caller.user_id).await;
    let live = all.map(|all| all.iter().filter(|connection| connection.is_live(now)).count());
    if matches!(live, Ok(live) if live <= CONNECTIONS_PER_PERSON) {
        return Ok(());
    }
    let (id, user_id) = (&caller.connection_id, &caller.user_id);
    try_join(connections.close(id), connections.stop_receiving(user_id, id)).await?;
    live?;
    let message = format!("a person can have {CONNECTIONS_PER_PERSON} connections at a time; close one first");
    Err(ChatError::refused(ErrorCode::TooManyConnections, message))
}
