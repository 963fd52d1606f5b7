//! Finding the person whom a request names.

use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::person::Person;
use parlor_protocol::text::PersonRef;

use crate::error::{ChatError, Result};
use crate::store::Connections;

/// Finds a person by their id, if they are connected.
///
/// # Errors
/// `personNotFound`, `unavailable`.
pub async fn find(connections: &Connections, person: &PersonRef, now: Millis) -> Result<Person> {
    let user_id = person.as_str();
    let mut live = connections.of_person(user_id).await?;
    live.retain(|connection| connection.is_live(now));
    let found = live.first().map(|connection| connection.person());
    found.ok_or_else(|| ChatError::refused(ErrorCode::PersonNotFound, "there is no such person, or they are offline"))
}
