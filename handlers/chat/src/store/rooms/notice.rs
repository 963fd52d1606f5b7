//! Applying a notice to its room's row.

use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use parlor_protocol::log::NoticeKind;
use parlor_protocol::{Millis, Seq};

use super::{Queue, Rooms, Settings};
use crate::error::{ChatError, Result};
use crate::store::{Event, Item, LogKey, number, string};

const DOING: &str = "apply a notice";

/// What a notice of changed rules or bots changes in the room's row.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSettings {
    pub settings: Settings,
    /// Until when the owner may be away, as it was read: the update fails if they have come or left since.
    pub read_owner_until: Option<Millis>,
    pub owner_until: Option<Millis>,
    pub sweep_at: Millis,
}

impl Rooms {
    /// Returns the update that applies a notice, for the transaction that stores the notice. `read` is the number of
    /// the last notice when the row was read: the update fails if a later one was applied since, so it never undoes
    /// that one.
    pub(in crate::store) fn notice_update(
        &self,
        key: LogKey<'_>,
        owner_id: Option<&str>,
        read: Option<Seq>,
        new: Option<&NewSettings>,
        event: &Event,
        now: Millis,
    ) -> Result<TransactWriteItem> {
        let Event::Notice(notice) = event else {
            return Err(ChatError::Service { doing: DOING, reason: "not a notice".into() });
        };
        let read_owner_until = new.and_then(|new| new.read_owner_until);
        let values = [
            (":read", read.map(number)),
            (":readOwner", read_owner_until.map(number)),
            (":owner", owner_id.map(string)),
        ];
        let values = values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let update = Update::builder()
            .table_name(&self.table)
            .key("roomId", string(key.room_id))
            .condition_expression(format!(
                "{} AND epoch = :epoch AND attribute_not_exists(closedAt) AND {}{}",
                if owner_id.is_some() { "ownerId = :owner" } else { "attribute_not_exists(ownerId)" },
                if read.is_some() { "noticed = :read" } else { "attribute_not_exists(noticed)" },
                if read_owner_until.is_some() { " AND ownerUntil = :readOwner" } else { "" },
            ))
            .set_expression_attribute_values(Some(values.collect()))
            .expression_attribute_values(":epoch", string(key.epoch))
            .expression_attribute_values(":seq", number(key.seq));
        let update = match notice.kind {
            NoticeKind::Renamed | NoticeKind::RulesChanged | NoticeKind::BotAdded | NoticeKind::BotRemoved => {
                let mut changed = new.map(NewSettings::attributes).transpose()?.unwrap_or_default();
                changed.push(("name", Some(string(&notice.room_name))));
                changed.push(("topic", notice.topic.as_ref().map(string)));
                set_or_remove(update, changed)
            }
            NoticeKind::Added | NoticeKind::Removed | NoticeKind::MemberLeft => {
                return Err(ChatError::Service { doing: DOING, reason: "it changes members".into() });
            }
            NoticeKind::Cleared => update.update_expression("SET noticed = :seq"),
            NoticeKind::Closed => update
                .update_expression(
                    "SET noticed = :seq, closedAt = :now, sweepQueue = :queue, sweepAt = :now REMOVE lobbyShard",
                )
                .expression_attribute_values(":queue", string(Queue::Open.key(key.room_id)))
                .expression_attribute_values(":now", number(now)),
        };
        Ok(TransactWriteItem::builder().update(update.build().map_err(ChatError::unbuilt(DOING))?).build())
    }
}

/// An attribute, and its new value; `None` removes it.
type Changed = (&'static str, Option<AttributeValue>);

impl NewSettings {
    fn attributes(&self) -> Result<Vec<Changed>> {
        let mut settings: Item = serde_dynamo::to_item(&self.settings).map_err(ChatError::row(DOING))?;
        let mut changed: Vec<Changed> = Settings::ATTRIBUTES.map(|name| (name, settings.remove(name))).into();
        changed.push(("ownerUntil", self.owner_until.map(number)));
        changed.push(("sweepAt", Some(number(self.sweep_at))));
        Ok(changed)
    }
}

/// Sets `noticed` and these attributes.
fn set_or_remove(mut update: UpdateBuilder, changed: Vec<Changed>) -> UpdateBuilder {
    let mut set = vec!["noticed = :seq".to_owned()];
    let mut removed = Vec::new();
    for (attribute, value) in changed {
        update = update.expression_attribute_names(format!("#{attribute}"), attribute);
        match value {
            None => removed.push(format!("#{attribute}")),
            Some(value) => {
                set.push(format!("#{attribute} = :{attribute}"));
                update = update.expression_attribute_values(format!(":{attribute}"), value);
            }
        }
    }
    let set = format!("SET {}", set.join(", "));
    update.update_expression(if removed.is_empty() { set } else { format!("{set} REMOVE {}", removed.join(", ")) })
}
