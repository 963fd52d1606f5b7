//! Applying a notice to its room's row.

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use parlor_protocol::log::NoticeKind;
use parlor_protocol::{Millis, Seq};

use super::{Queue, Rooms, Settings};
use crate::error::{ChatError, Result};
use crate::store::{Changed, Event, Item, LogKey, number, set_or_remove, string};

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
    /// that one. `moderation` is the version of moderation that the rules were read with.
    pub(in crate::store) fn notice_update(
        &self,
        key: LogKey<'_>,
        owner_id: Option<&str>,
        (read, moderation): (Option<Seq>, Option<u64>),
        new: Option<&NewSettings>,
        event: &Event,
        now: Millis,
    ) -> Result<TransactWriteItem> {
        let Event::Notice(notice) = event else {
            return Err(ChatError::Service { doing: DOING, reason: "not a notice".into() });
        };
        let states_rules = notice.kind == NoticeKind::RulesChanged;
        let read_owner_until = new.and_then(|new| new.read_owner_until);
        let values = [
            (":read", read.map(number)),
            (":readOwner", read_owner_until.map(number)),
            (":owner", owner_id.map(string)),
            (":moderation", moderation.filter(|_| states_rules).map(number)),
        ];
        let values = values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let update = Update::builder()
            .table_name(&self.table)
            .key("roomId", string(key.room_id))
            .condition_expression(format!(
                "{} AND epoch = :epoch AND attribute_not_exists(closedAt) AND {}{}{}",
                if owner_id.is_some() { "ownerId = :owner" } else { "attribute_not_exists(ownerId)" },
                if read.is_some() { "noticed = :read" } else { "attribute_not_exists(noticed)" },
                if read_owner_until.is_some() { " AND ownerUntil = :readOwner" } else { "" },
                match moderation {
                    _ if !states_rules => "",
                    Some(_) => " AND moderation = :moderation",
                    None => " AND attribute_not_exists(moderation)",
                },
            ))
            .set_expression_attribute_values(Some(values.collect()))
            .expression_attribute_values(":epoch", string(key.epoch));
        let update = match notice.kind {
            NoticeKind::Renamed | NoticeKind::RulesChanged | NoticeKind::BotAdded | NoticeKind::BotRemoved => {
                let mut changed = new.map(NewSettings::attributes).transpose()?.unwrap_or_default();
                changed.push(("name", Some(string(&notice.room_name))));
                changed.push(("topic", notice.topic.as_ref().map(string)));
                changed.push(("noticed", Some(number(key.seq))));
                set_or_remove(update, changed)
            }
            NoticeKind::Cleared => set_or_remove(update, vec![("noticed", Some(number(key.seq)))]),
            NoticeKind::Closed => update
                .update_expression(
                    "SET noticed = :seq, closedAt = :now, sweepQueue = :queue, sweepAt = :now REMOVE lobbyShard",
                )
                .expression_attribute_values(":seq", number(key.seq))
                .expression_attribute_values(":queue", string(Queue::Open.key(key.room_id)))
                .expression_attribute_values(":now", number(now)),
            _ => return Err(ChatError::Service { doing: DOING, reason: "it does not change the row".into() }),
        };
        Ok(TransactWriteItem::builder().update(update.build().map_err(ChatError::unbuilt(DOING))?).build())
    }
}

impl NewSettings {
    fn attributes(&self) -> Result<Vec<Changed>> {
        let mut settings: Item = serde_dynamo::to_item(&self.settings).map_err(ChatError::row(DOING))?;
        let mut changed: Vec<Changed> = Settings::ATTRIBUTES.map(|name| (name, settings.remove(name))).into();
        changed.push(("ownerUntil", self.owner_until.map(number)));
        changed.push(("sweepAt", Some(number(self.sweep_at))));
        Ok(changed)
    }
}
