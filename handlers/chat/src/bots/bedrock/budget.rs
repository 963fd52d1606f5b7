//! Tokens per day, in UTC: of a person, a room and the stage. What an answer may take at most is reserved before the model is
//! asked, and settled afterwards. If the function dies in between, it stays reserved.

use futures_util::future::try_join_all;
use parlor_protocol::Millis;
use parlor_protocol::conversations::is_conversation;

use crate::bots::answer::Asked;
use crate::error::Result;
use crate::people::identity::random_id;
use crate::store::{Budgets, Limits, budget_key};

/// What is reserved for one answer.
pub(super) struct Reservation {
    id: String,
    keys: Vec<String>,
    tokens: u64,
}

/// Reserves tokens, or returns what the bot says if a budget has fewer left.
///
/// # Errors
/// `unavailable`.
pub(super) async fn reserve(
    limits: &Limits,
    budgets: &Budgets,
    asked: &Asked,
    tokens: u64,
    now: Millis,
) -> Result<std::result::Result<Reservation, &'static str>> {
    const PERSON: &str = "You have used up my tokens for you today. They start anew at 00:00 UTC.";
    const CONVERSATION: &str = "This conversation has used up my tokens for today. They start anew at 00:00 UTC.";
    const ROOM: &str = "This room has used up my tokens for today. They start anew at 00:00 UTC.";
    const STAGE: &str = "All of my tokens for today are used up. They start anew at 00:00 UTC.";
    let (bot, room, person) = (&asked.bot.name, asked.room(), &asked.message.user_id);
    let of_room = if is_conversation(room) { CONVERSATION } else { ROOM };
    let scopes = [
        (format!("person#{person}"), budgets.person, PERSON),
        (format!("room#{room}"), budgets.room, of_room),
        ("stage".to_owned(), budgets.stage, STAGE),
    ];
    let mut reservation = Reservation { id: random_id()?, keys: Vec::new(), tokens };
    // One after the other, so that whoever has used up a budget does not touch the others'.
    for (scope, budget, used_up) in scopes {
        let key = budget_key(bot, &scope, now);
        if !limits.reserve(&key, &reservation.id, tokens, budget, now).await? {
            // If this fails, more is counted than was spent.
            let _ = reservation.settle(limits, 0).await;
            return Ok(Err(used_up));
        }
        reservation.keys.push(key);
    }
    Ok(Ok(reservation))
}

impl Reservation {
    /// Counts what was spent instead of what was reserved.
    ///
    /// # Errors
    /// `unavailable`; then what was reserved may still be counted.
    pub(super) async fn settle(&self, limits: &Limits, spent: u64) -> Result<()> {
        let settled = self.keys.iter().map(|key| limits.settle(key, &self.id, self.tokens, spent));
        try_join_all(settled).await?;
        Ok(())
    }
}
