//! Finding the people whom requests name.

use futures_util::future::try_join;
use parlor_protocol::Millis;
use parlor_protocol::person::Person;
use parlor_protocol::text::{Handle, PersonRef};

use crate::bots::Bots;
use crate::error::{ChatError, Result};
use crate::store::{Connections, People};

/// The parts that finding a person uses.
#[derive(Clone, Copy)]
pub struct Directory<'a> {
    pub people: &'a People,
    pub connections: &'a Connections,
    pub bots: &'a Bots,
}

impl Directory<'_> {
    /// Finds a person by `@` and their handle, or by their id if they have a handle or are connected.
    ///
    /// # Errors
    /// `personNotFound`, `unavailable`.
    pub async fn find(self, person: &PersonRef, now: Millis) -> Result<Person> {
        let user_id = person.as_str();
        if user_id.starts_with('@') {
            let handle = Handle::try_from(user_id.to_owned()).map_err(|_| ChatError::person_not_found())?;
            return self.with_handle(&handle, now).await;
        }
        if let Some(bot) = self.bots.with_id(user_id) {
            return Ok(bot.person());
        }
        let (connections, name) =
            try_join(self.connections.of_person(user_id), self.people.name_of(user_id, now)).await?;
        let connected = connections.iter().find(|connection| connection.is_live(now));
        let name =
            connected.map(|connection| connection.name.clone()).or(name).ok_or_else(ChatError::person_not_found)?;
        Ok(Person { user_id: user_id.to_owned(), name })
    }

    /// Finds the person who has a handle, or one that looks like it.
    ///
    /// # Errors
    /// `personNotFound`, `unavailable`.
    pub async fn with_handle(self, handle: &Handle, now: Millis) -> Result<Person> {
        if let Some(bot) = self.bots.with_handle(handle) {
            return Ok(bot.person());
        }
        let found = self.people.find(handle, now).await?.ok_or_else(ChatError::person_not_found)?;
        Ok(Person { user_id: found.user_id, name: found.name })
    }
}
