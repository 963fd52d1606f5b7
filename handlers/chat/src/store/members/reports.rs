//! The open reports of a room's messages (`reports#…`, by epoch and number): one row per message, with the people who
//! reported it. It has no text: that is only in the message.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, ReturnValuesOnConditionCheckFailure, Select, TransactWriteItem};
use parlor_protocol::limits::{REPORTED_MESSAGES, REPORTERS, REPORTS};
use parlor_protocol::reports::{ReasonCounts, ReportReason};
use parlor_protocol::{Millis, Seq};
use serde::Deserialize;

use super::Members;
use crate::error::{ChatError, Result};
use crate::store::{Item, LogKey, number, rows, string};

const DOING: &str = "report a message";

/// The reports of one message.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportRow {
    pub seq: Seq,
    /// The ids of those who reported it.
    pub people: BTreeSet<String>,
    pub first_at: Millis,
    pub last_at: Millis,
    #[serde(flatten)]
    pub reasons: ReasonCounts,
}

impl Members {
    /// Adds a person's report of a message, unless they or enough others have reported it. Returns false, and does nothing,
    /// if nobody has and `is_full`.
    pub async fn report(
        &self,
        message: LogKey<'_>,
        user_id: &str,
        reason: ReportReason,
        is_full: bool,
        now: Millis,
    ) -> Result<bool> {
        let counts = "NOT contains(people, :me) AND (attribute_not_exists(people) OR size(people) < :most)";
        let condition = if is_full { format!("attribute_exists(people) AND {counts}") } else { counts.to_owned() };
        let reported = self
            .db
            .update_item()
            .table_name(&self.table)
            .key("scope", scope(message.room_id))
            .key("key", key(message.epoch, message.seq))
            .update_expression(
                "SET #seq = :seq, lastAt = :now, firstAt = if_not_exists(firstAt, :now) ADD people :us, #reason :one",
            )
            .condition_expression(condition)
            .expression_attribute_names("#seq", "seq")
            .expression_attribute_names("#reason", reason.as_str())
            .expression_attribute_values(":seq", number(message.seq))
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":me", string(user_id))
            .expression_attribute_values(":us", AttributeValue::Ss(vec![user_id.to_owned()]))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(REPORTERS as u64))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match reported {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => Ok(failed.item.is_some()),
                _ => Err(ChatError::service(DOING)(error)),
            },
        }
    }

    /// Reads whether as many messages of an epoch have open reports as a room may have.
    pub async fn has_all_reports(&self, room_id: &str, epoch: &str) -> Result<bool> {
        let mut count = 0;
        let mut start = None;
        loop {
            let query = self.of_epoch(room_id, epoch).select(Select::Count).set_exclusive_start_key(start);
            let page = query.send().await.map_err(ChatError::service(DOING))?;
            count += usize::try_from(page.count).unwrap_or_default();
            start = page.last_evaluated_key;
            if start.is_none() || count >= REPORTED_MESSAGES {
                return Ok(count >= REPORTED_MESSAGES);
            }
        }
    }

    /// Reads a page of an epoch's open reports, those of the newest messages first, and the number before which the next
    /// page starts.
    pub async fn reports(
        &self,
        room_id: &str,
        epoch: &str,
        before: Option<Seq>,
    ) -> Result<(Vec<ReportRow>, Option<Seq>)> {
        let doing = "read reports";
        let start =
            before.map(|seq| Item::from([("scope".to_owned(), scope(room_id)), ("key".to_owned(), key(epoch, seq))]));
        let query = self
            .of_epoch(room_id, epoch)
            .set_exclusive_start_key(start)
            .scan_index_forward(false)
            .consistent_read(true)
            .limit(i32::try_from(REPORTS).unwrap_or(i32::MAX));
        let page = query.send().await.map_err(ChatError::service(doing))?;
        let has_more = page.last_evaluated_key.is_some();
        let reports: Vec<ReportRow> = rows(page.items.unwrap_or_default(), doing)?;
        let next = reports.last().map(|last| last.seq).filter(|_| has_more);
        Ok((reports, next))
    }

    fn of_epoch(&self, room_id: &str, epoch: &str) -> QueryFluentBuilder {
        self.under_prefix(scope(room_id), string(format!("{epoch}#")))
    }

    /// Returns the write that resolves the reports of a message.
    pub(in crate::store) fn report_deletion(&self, message: LogKey<'_>) -> Result<TransactWriteItem> {
        let delete = Delete::builder().table_name(&self.table).key("scope", scope(message.room_id));
        let delete = delete.key("key", key(message.epoch, message.seq));
        Ok(TransactWriteItem::builder().delete(delete.build().map_err(ChatError::unbuilt(DOING))?).build())
    }
}

/// Sixteen digits, as in the log.
fn key(epoch: &str, seq: Seq) -> AttributeValue {
    string(format!("{epoch}#{seq:016}"))
}

pub(super) fn scope(room_id: &str) -> AttributeValue {
    string(format!("reports#{room_id}"))
}
