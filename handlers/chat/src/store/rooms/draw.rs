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

impl Rooms {
    /// Draws the room's next number, while the room is open, and marks the room active. The returned row has the number
    /// as its `seq`. Returns `None` while a notice is being stored.
    ///
    /// # Errors
    /// `roomNotFound`, `roomClosed`.
    pub async fn next_seq(&self, room_id: &str, now: Millis) -> Result<Option<Room>> {
        self.draw(room_id, &random_id()?, now).await
    }

    /// Draws a number under this name. If the SDK repeats the draw because its answer was lost, the repetition finds
    /// the same number: the room's row keeps the names of its last [`DRAWS`] draws, newest first.
    ///
    /// # Errors
    /// `roomNotFound`, `roomClosed`.
    pub async fn draw(&self, room_id: &str, draw: &str, now: Millis) -> Result<Option<Room>> {
        let doing = "number an event";
        let shift: String = (1..DRAWS).map(|n| format!(", draw{n} = if_not_exists(draw{}, :none)", n - 1)).collect();
        let is_new: String = (0..DRAWS).map(|n| format!(" AND draw{n} <> :draw")).collect();
        let expires = expires_at(room_id, now);
        // Rooms from before there was a sweep have no place in its queue yet. Permanent ones need none.
        let (queue, values) = if commons::is_permanent(room_id) {
            ("", HashMap::new())
        } else {
            let ends = number(expires.saturating_mul(1000));
            let values = [(":queue".to_owned(), string(Queue::Open.key(room_id))), (":ends".to_owned(), ends)];
            (
                ", sweepQueue = if_not_exists(sweepQueue, :queue), sweepAt = if_not_exists(sweepAt, :ends)",
                HashMap::from(values),
            )
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
            .condition_expression(format!(
                "attribute_exists(roomId) AND attribute_not_exists(closedAt) AND expiresAt > :seconds \
                 AND (attribute_not_exists(endsAt) OR endsAt > :now) \
                 AND (attribute_not_exists(ownerUntil) OR ownerUntil > :now){is_new}"
            ))
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
            Ok(updated) => return row(updated.attributes.unwrap_or_default(), doing).map(Some),
            Err(error) => error,
        };
        match error.as_service_error() {
            // The SDK does not retry this one.
            Some(error) if error.code() == Some("TransactionConflictException") => Ok(None),
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                let item = failed.item.clone().ok_or_else(ChatError::room_not_found)?;
                let since = (0..DRAWS).find(|n| item.get(&format!("draw{n}")) == Some(&string(draw)));
                let room = parse(item, doing)?;
                let since = since.filter(|_| room.is_open(now)).ok_or_else(|| room.over())?;
                Ok(Some(Room { seq: room.seq.saturating_sub(since), ..room }))
            }
            _ => Err(ChatError::service(doing)(error)),
        }
    }
}
