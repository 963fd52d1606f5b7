//! Drawing a room's next number.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use parlor_protocol::Millis;

use super::{Queue, Room, Rooms, commons, expires_at, lobby, parse};
use crate::error::{ChatError, Result};
use crate::people::identity::random_id;
use crate::store::{number, row, seconds, string};

/// Draws that a room's row remembers. The SDK notices a lost answer after one second at the latest.
pub const DRAWS: u64 = 8;

/// Who draws a number, as far as a guarded room is concerned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gate {
    /// Somebody who was not checked: a number is drawn only if the room has no guard.
    Unchecked,
    /// Somebody who may write, as read when the room's guard was this one.
    Checked(u64),
}

impl Gate {
    /// Nobody's: draws nothing, and reads the room.
    pub const CLOSED: Self = Self::Checked(0);

    /// Returns the gate of somebody who may write in a room as it was read.
    pub fn at(room: &Room) -> Self {
        room.moderated.guard.map_or(Self::Unchecked, Self::Checked)
    }
}

/// The result of a draw.
#[derive(Debug, PartialEq)]
pub enum Drawn {
    /// The room, with the number as its `seq`.
    Number(Box<Room>),
    /// Nothing: the room's guard is another one.
    Guarded(Box<Room>),
    /// Nothing: a notice is being stored.
    Busy,
}

impl Drawn {
    /// Returns the room with the number, if there is one.
    pub fn number(self) -> Option<Room> {
        match self {
            Self::Number(room) => Some(*room),
            Self::Guarded(_) | Self::Busy => None,
        }
    }
}

/// The condition of writes that only an open room takes: it has not been closed, and has not ended by `:now`, which is
/// `:seconds` in seconds.
pub(super) const IS_OPEN: &str = "attribute_exists(roomId) AND attribute_not_exists(closedAt) AND expiresAt > :seconds \
    AND (attribute_not_exists(endsAt) OR endsAt > :now) AND (attribute_not_exists(ownerUntil) OR ownerUntil > :now)";

impl Rooms {
    /// Draws the room's next number, while the room is open, and marks the room active.
    ///
    /// # Errors
    /// `roomNotFound`, `roomClosed`.
    pub async fn next_seq(&self, room_id: &str, gate: Gate, now: Millis) -> Result<Drawn> {
        self.draw(room_id, gate, &random_id()?, now).await
    }

    /// Draws a number under this name. If the SDK repeats the draw because its answer was lost, the repetition finds
    /// the same number: the room's row keeps the names of its last [`DRAWS`] draws, newest first.
    ///
    /// # Errors
    /// `roomNotFound`, `roomClosed`.
    pub async fn draw(&self, room_id: &str, gate: Gate, draw: &str, now: Millis) -> Result<Drawn> {
        let doing = "number an event";
        let shift: String = (1..DRAWS).map(|n| format!(", draw{n} = if_not_exists(draw{}, :none)", n - 1)).collect();
        let is_new: String = (0..DRAWS).map(|n| format!(" AND draw{n} <> :draw")).collect();
        let expires = expires_at(room_id, now);
        // Rooms from before there was a sweep have no place in its queue yet. Permanent ones need none.
        let (queue, mut values) = if commons::is_permanent(room_id) {
            ("", HashMap::new())
        } else {
            let ends = number(expires.saturating_mul(1000));
            let values = [(":queue".to_owned(), string(Queue::Open.key(room_id))), (":ends".to_owned(), ends)];
            (
                ", sweepQueue = if_not_exists(sweepQueue, :queue), sweepAt = if_not_exists(sweepAt, :ends)",
                HashMap::from(values),
            )
        };
        let guard = match gate {
            Gate::Unchecked => " AND attribute_not_exists(guard)",
            Gate::Checked(version) => {
                values.insert(":guard".to_owned(), number(version));
                " AND guard = :guard"
            }
        };
        let updated = self
            .db
            .update_item()
            .table_name(&self.table)
            .key("roomId", string(room_id))
            .update_expression(format!(
                "SET seq = seq + :one, seqAt = :now, lobbyRank = :rank, expiresAt = :expires, \
                 draw0 = :draw{shift}{queue}"
            ))
            .condition_expression(format!("{IS_OPEN}{guard}{is_new}"))
            .set_expression_attribute_values(Some(values))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":rank", string(lobby::rank(now, room_id)))
            .expression_attribute_values(":expires", number(expires))
            .expression_attribute_values(":seconds", number(seconds(now)))
            .expression_attribute_values(":draw", string(draw))
            .expression_attribute_values(":none", string("none"))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let error = match updated {
            Ok(updated) => return row(updated.attributes.unwrap_or_default(), doing).map(Drawn::Number),
            Err(error) => error,
        };
        match error.as_service_error() {
            // The SDK does not retry this one.
            Some(error) if error.code() == Some("TransactionConflictException") => Ok(Drawn::Busy),
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                let item = failed.item.clone().ok_or_else(ChatError::room_not_found)?;
                let since = (0..DRAWS).find(|n| item.get(&format!("draw{n}")) == Some(&string(draw)));
                let room = parse(item, doing)?;
                if !room.is_open(now) {
                    return Err(room.over());
                }
                Ok(match since {
                    Some(since) => Drawn::Number(Box::new(Room { seq: room.seq.saturating_sub(since), ..room })),
                    None => Drawn::Guarded(Box::new(room)),
                })
            }
            _ => Err(ChatError::service(doing)(error)),
        }
    }
}
