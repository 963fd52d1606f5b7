//! Applying a notice to its room's row.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use parlor_protocol::log::NoticeKind;
use parlor_protocol::{Millis, Seq};

use super::Rooms;
use crate::error::{ChatError, Result};
use crate::store::{Event, LogKey, number, string};

const DOING: &str = "apply a notice";

impl Rooms {
    /// Returns the update that applies a notice, for the transaction that stores the notice. `read` is the number of
    /// the last notice when the row was read: the update fails if a later one was applied since, so it never undoes
    /// that one.
    pub(in crate::store) fn notice_update(
        &self,
        key: LogKey<'_>,
        owner_id: &str,
        read: Option<Seq>,
        event: &Event,
        now: Millis,
    ) -> Result<TransactWriteItem> {
        let Event::Notice(notice) = event else {
            return Err(ChatError::Service { doing: DOING, reason: "not a notice".into() });
        };
        let update = Update::builder()
            .table_name(&self.table)
            .key("roomId", string(key.room_id))
            .condition_expression(format!(
                "ownerId = :owner AND epoch = :epoch AND attribute_not_exists(closedAt) AND {}",
                if read.is_some() { "noticed = :read" } else { "attribute_not_exists(noticed)" }
            ))
            .set_expression_attribute_values(read.map(|seq| HashMap::from([(":read".to_owned(), number(seq))])))
            .expression_attribute_values(":owner", string(owner_id))
            .expression_attribute_values(":epoch", string(key.epoch))
            .expression_attribute_values(":seq", number(key.seq));
        let update = match notice.kind {
            NoticeKind::Renamed => {
                let update = update
                    .expression_attribute_names("#name", "name")
                    .expression_attribute_values(":name", string(&notice.room_name));
                match &notice.topic {
                    None => update.update_expression("SET noticed = :seq, #name = :name REMOVE topic"),
                    Some(topic) => update
                        .update_expression("SET noticed = :seq, #name = :name, topic = :topic")
                        .expression_attribute_values(":topic", string(topic)),
                }
            }
            NoticeKind::Cleared => update.update_expression("SET noticed = :seq"),
            NoticeKind::Closed => update
                .update_expression("SET noticed = :seq, closedAt = :now REMOVE lobbyShard")
                .expression_attribute_values(":now", number(now)),
        };
        Ok(TransactWriteItem::builder().update(update.build().map_err(ChatError::unbuilt(DOING))?).build())
    }
}
