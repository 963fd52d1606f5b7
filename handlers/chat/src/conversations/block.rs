//! Blocking a person: the direct conversation with them takes no more messages from them.

use futures_util::future::try_join;
use parlor_protocol::Millis;
use parlor_protocol::person::Person;
use parlor_protocol::text::PersonRef;

use super::direct;
use super::people::Directory;
use crate::error::Result;
use crate::limiter::Limiter;
use crate::log::record::Recorder;

/// Blocks a person. Idempotent.
///
/// # Errors
/// `personNotFound`, `invalidField` if it is the caller, `rateLimited`, `unavailable`.
pub async fn block(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    directory: Directory<'_>,
    me: &Person,
    person: &PersonRef,
    now: Millis,
) -> Result<()> {
    let other = direct::other(recorder.members, directory, me, person, now).await?;
    let room_id = direct::find_or_create(limiter, recorder, me, &other, now).await?;
    set(recorder, &room_id, &me.user_id, Some(&other.user_id)).await
}

/// Accepts messages from a person again. Idempotent.
///
/// # Errors
/// `unavailable`.
pub async fn unblock(recorder: Recorder<'_>, me: &Person, user_id: &str) -> Result<()> {
    set(recorder, &direct::id(&me.user_id, user_id), &me.user_id, None).await
}

/// Returns the ids of the people whom a person blocks.
///
/// # Errors
/// `unavailable`.
pub async fn list(recorder: Recorder<'_>, me: &str) -> Result<Vec<String>> {
    let listed = recorder.members.conversations(me).await?;
    Ok(listed.into_iter().filter_map(|listed| listed.blocks).collect())
}

async fn set(recorder: Recorder<'_>, room_id: &str, me: &str, blocks: Option<&str>) -> Result<()> {
    let members = recorder.members;
    try_join(members.set_blocks(room_id, me, blocks.is_some()), members.list_block(room_id, me, blocks)).await?;
    Ok(())
}
