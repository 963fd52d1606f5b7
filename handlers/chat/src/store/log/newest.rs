//! Reading messages of a log without the rest: the newest ones, for the list of a person's conversations, and those of
//! one person.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use parlor_protocol::Seq;
use parlor_protocol::limits::LISTED_EVENTS;

use super::{Event, EventRow, LARGEST_SEQ, Log, LogKey, MessageRow, event_key, seq_of};
use crate::error::{ChatError, Result};
use crate::store::{rows, string};

/// Queries at most: a log that ends with more changes than these read shows no newest message, or counts fewer unread.
const PAGES: u64 = 4;
/// Rows of one query. Most logs end with a message; changes of old ones may follow it.
const PAGE: i32 = (LISTED_EVENTS / PAGES) as i32;

impl Log {
    /// Reads the newest message at or above a number, if it is among the newest events.
    pub async fn newest_message(&self, from: LogKey<'_>) -> Result<Option<(Seq, MessageRow)>> {
        let mut to = Seq::MAX;
        for _ in 0..PAGES {
            let (rows, is_end) = self.some(self.between(from, to).scan_index_forward(false)).await?;
            let Some(last) = rows.last().map(|(seq, _)| *seq) else { return Ok(None) };
            let message = rows.into_iter().find_map(|(seq, event)| match event {
                Event::Message(message) => Some((seq, message)),
                _ => None,
            });
            if message.is_some() || is_end || last <= from.seq {
                return Ok(message);
            }
            to = last - 1;
        }
        Ok(None)
    }

    /// Reads messages after a number and up to another, the oldest first: at most `most` of those that count, and that
    /// were not deleted.
    pub async fn messages_after(
        &self,
        after: LogKey<'_>,
        to: Seq,
        most: usize,
        counts: impl Fn(&MessageRow) -> bool,
    ) -> Result<Vec<MessageRow>> {
        let mut from = LogKey { seq: after.seq + 1, ..after };
        let mut messages = Vec::new();
        for _ in 0..PAGES {
            let (rows, is_end) = self.some(self.between(from, to)).await?;
            from.seq = rows.last().map_or(to, |(seq, _)| *seq) + 1;
            messages.extend(rows.into_iter().filter_map(|(_, event)| match event {
                Event::Message(message) if message.deleted_at.is_none() && counts(&message) => Some(message),
                _ => None,
            }));
            if is_end || messages.len() >= most || from.seq > to {
                break;
            }
        }
        messages.truncate(most);
        Ok(messages)
    }

    /// Reads messages of one person from a number on, as far as one query gets. Returns the number to continue from, if
    /// there may be more.
    pub async fn messages_by(&self, from: LogKey<'_>, user_id: &str) -> Result<(Vec<(Seq, MessageRow)>, Option<Seq>)> {
        let doing = "read a person's messages";
        let query = self
            .between(from, Seq::MAX)
            .set_limit(None)
            .filter_expression("userId = :author AND #type = :message")
            .expression_attribute_names("#type", "type")
            .expression_attribute_values(":author", string(user_id))
            .expression_attribute_values(":message", string("message"));
        let output = query.send().await.map_err(ChatError::service(doing))?;
        let found: Vec<EventRow> = rows(output.items.unwrap_or_default(), doing)?;
        let messages = found.into_iter().filter_map(|row| match row.event {
            Event::Message(message) => Some((seq_of(&row.sk)?, message)),
            _ => None,
        });
        let last = output.last_evaluated_key.as_ref().and_then(|key| seq_of(key.get("sk")?.as_s().ok()?));
        Ok((messages.collect(), last.map(|last| last + 1)))
    }

    fn between(&self, LogKey { room_id, epoch, seq }: LogKey<'_>, to: Seq) -> QueryFluentBuilder {
        self.db
            .query()
            .table_name(&self.table)
            .key_condition_expression("roomId = :room AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":room", string(room_id))
            .expression_attribute_values(":from", string(event_key(epoch, seq)))
            .expression_attribute_values(":to", string(event_key(epoch, to.min(LARGEST_SEQ))))
            .consistent_read(true)
            .limit(PAGE)
    }

    /// Also returns whether these are the last rows.
    async fn some(&self, query: QueryFluentBuilder) -> Result<(Vec<(Seq, Event)>, bool)> {
        let doing = "read the newest messages";
        let output = query.send().await.map_err(ChatError::service(doing))?;
        let found: Vec<EventRow> = rows(output.items.unwrap_or_default(), doing)?;
        let found = found.into_iter().filter_map(|row| Some((seq_of(&row.sk)?, row.event)));
        Ok((found.collect(), output.last_evaluated_key.is_none()))
    }
}
