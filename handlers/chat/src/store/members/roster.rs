//! The members of a conversation (`members#…`, by user id), and the conversations of a person (`conversations#…`,
//! by room id). Both rows of a membership are written in the transaction that stores its event.
//!
//! The row of a former member stays: it says up to which number they were one.

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem, Update};
use parlor_protocol::conversations::{HistoryAccess, Role};
use parlor_protocol::person::Person;
use parlor_protocol::{Millis, Seq};
use serde::{Deserialize, Serialize};

use super::Members;
use super::visits::visit_put;
use crate::error::{ChatError, Result};
use crate::store::{Item, batch_get, if_condition_held, number, query_all, row, string};

const SCOPE: &str = "members#";
const CHANGING: &str = "change a conversation's members";

/// A present or former member of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberRow {
    pub user_id: String,
    pub name: String,
    pub role: Role,
    pub added_at: Millis,
    /// The number of the event that added them; 1 if they were there from the beginning.
    pub since: Seq,
    /// The first number that they may read.
    pub first: Seq,
    /// The number of the event with which their membership ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Seq>,
    /// The version of the roster that this row was last changed in.
    pub version: u64,
    /// The number up to which they have read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Seq>,
    /// They neither show their marker nor see those of others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub private: bool,
    /// They receive nothing from the other member of a direct conversation.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocks: bool,
}

impl MemberRow {
    pub fn person(&self) -> Person {
        Person { user_id: self.user_id.clone(), name: self.name.clone() }
    }

    pub fn is_current(&self) -> bool {
        self.until.is_none()
    }

    /// Whether they may know of the event at this number.
    pub fn covers(&self, seq: Seq) -> bool {
        self.first <= seq && self.until.is_none_or(|until| seq < until)
    }
}

/// All present and former members of a conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Roster(pub Vec<MemberRow>);

impl Roster {
    /// Returns the version of the roster as read. The room's row has the same one exactly if no membership has changed
    /// since.
    pub fn version(&self) -> u64 {
        self.0.iter().map(|member| member.version).max().unwrap_or_default()
    }

    pub fn current(&self) -> impl Iterator<Item = &MemberRow> {
        self.0.iter().filter(|member| member.is_current())
    }

    /// Returns the member with this id, unless their membership has ended.
    pub fn member(&self, user_id: &str) -> Option<&MemberRow> {
        self.current().find(|member| member.user_id == user_id)
    }
}

/// A person's conversation, as their list has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    pub room_id: String,
    pub added_at: Millis,
    /// The other person of a direct conversation, if this person blocks them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<String>,
}

/// A write that changes a membership, in the transaction of its event. `version` is the roster's new version.
#[derive(Clone, Debug, PartialEq)]
pub enum MemberWrite {
    /// Adds a member, or a former member again.
    Add { person: Person, role: Role, history: HistoryAccess, added_at: Millis, version: u64 },
    /// Ends a membership. The event itself is the first that they do not receive.
    End { user_id: String, version: u64 },
    /// Makes a member the owner.
    Promote { user_id: String, version: u64 },
    /// Adds the conversation to a person's list.
    List { user_id: String, added_at: Millis },
    /// Removes it from there.
    Unlist { user_id: String },
    /// Notes that a person has been in the conversation.
    Visit { user_id: String },
}

impl MemberWrite {
    /// Returns the write. `seq` is the number of the event.
    pub(in crate::store) fn build(&self, table: &str, room_id: &str, seq: Seq) -> Result<TransactWriteItem> {
        let (unbuilt, write) = (ChatError::unbuilt(CHANGING), TransactWriteItem::builder());
        let update = |user_id: &String, version: u64| {
            let update = Update::builder().table_name(table).key("scope", scope(room_id)).key("key", string(user_id));
            update.expression_attribute_values(":version", number(version))
        };
        Ok(match self {
            Self::Add { person, role, history, added_at, version } => {
                let first = match history {
                    HistoryAccess::All => 1,
                    HistoryAccess::Joined => seq,
                };
                let member = MemberRow {
                    user_id: person.user_id.clone(),
                    name: person.name.clone(),
                    role: *role,
                    added_at: *added_at,
                    since: seq,
                    first,
                    until: None,
                    version: *version,
                    read: None,
                    private: false,
                    blocks: false,
                };
                let item = serde_dynamo::to_item(&member).map_err(ChatError::row(CHANGING))?;
                let put = Put::builder().table_name(table).set_item(Some(item)).item("scope", scope(room_id));
                write.put(put.item("key", string(&member.user_id)).build().map_err(unbuilt)?)
            }
            Self::End { user_id, version } => {
                let update = update(user_id, *version)
                    .update_expression("SET #until = :seq, version = :version")
                    .expression_attribute_names("#until", "until")
                    .expression_attribute_values(":seq", number(seq));
                write.update(update.build().map_err(unbuilt)?)
            }
            Self::Promote { user_id, version } => {
                let update = update(user_id, *version)
                    .update_expression("SET #role = :owner, version = :version")
                    .expression_attribute_names("#role", "role")
                    .expression_attribute_values(":owner", string("owner"));
                write.update(update.build().map_err(unbuilt)?)
            }
            Self::List { user_id, added_at } => {
                let put = Put::builder().table_name(table).item("scope", list_scope(user_id));
                let put = put.item("key", string(room_id)).item("roomId", string(room_id));
                write.put(put.item("addedAt", number(*added_at)).build().map_err(unbuilt)?)
            }
            Self::Unlist { user_id } => {
                let delete = Delete::builder().table_name(table).key("scope", list_scope(user_id));
                write.delete(delete.key("key", string(room_id)).build().map_err(unbuilt)?)
            }
            Self::Visit { user_id } => write.put(visit_put(table, user_id, room_id).build().map_err(unbuilt)?),
        }
        .build())
    }
}

impl Members {
    /// Reads all present and former members of a conversation. Strongly consistent.
    pub async fn roster(&self, room_id: &str) -> Result<Roster> {
        Ok(Roster(self.query(scope(room_id), "read a conversation's members").await?))
    }

    /// Reads one member, present or former.
    pub async fn member(&self, room_id: &str, user_id: &str) -> Result<Option<MemberRow>> {
        let doing = "read a member";
        let request = self.db.get_item().table_name(&self.table).consistent_read(true);
        let request = request.key("scope", scope(room_id)).key("key", string(user_id));
        let item = request.send().await.map_err(ChatError::service(doing))?.item;
        item.map(|item| row(item, doing)).transpose()
    }

    /// Reads which conversations a person is a member of. Strongly consistent: whoever has been added is listed.
    pub async fn conversations(&self, user_id: &str) -> Result<Vec<Listed>> {
        self.query(list_scope(user_id), "read a person's conversations").await
    }

    /// Reads a person's own rows in these conversations, in any order.
    pub async fn of_person(&self, user_id: &str, room_ids: &[String]) -> Result<Vec<(String, MemberRow)>> {
        let doing = "read a person's memberships";
        let key = |id: &String| Item::from([("scope".to_owned(), scope(id)), ("key".to_owned(), string(user_id))]);
        let items = batch_get(&self.db, &self.table, room_ids.iter().map(key).collect(), doing).await?;
        let of = |item: Item| {
            let room_id = item.get("scope").and_then(|scope| scope.as_s().ok()?.strip_prefix(SCOPE).map(str::to_owned));
            Ok((room_id.unwrap_or_default(), row(item, doing)?))
        };
        items.into_iter().map(of).collect()
    }

    /// Moves a member's read marker: forward to a number or, with `back`, to wherever it says. Returns whether it moved.
    pub async fn mark_read(&self, room_id: &str, user_id: &str, seq: Seq, back: bool, private: bool) -> Result<bool> {
        let update = self
            .member_update(room_id, user_id)
            .update_expression("SET #read = :seq, #private = :private")
            .condition_expression(format!(
                "attribute_exists(#scope) AND attribute_not_exists(#until){}",
                if back { "" } else { " AND (attribute_not_exists(#read) OR #read < :seq)" },
            ))
            .expression_attribute_names("#read", "read")
            .expression_attribute_names("#private", "private")
            .expression_attribute_names("#scope", "scope")
            .expression_attribute_names("#until", "until")
            .expression_attribute_values(":seq", number(seq))
            .expression_attribute_values(":private", AttributeValue::Bool(private));
        Ok(if_condition_held(update.send().await, "move a read marker")?.is_some())
    }

    /// Notes whether a member shows their read marker, and leaves it where it is.
    pub async fn set_private(&self, room_id: &str, user_id: &str, private: bool) -> Result<()> {
        let update = self
            .member_update(room_id, user_id)
            .update_expression("SET #private = :private")
            .condition_expression("attribute_exists(#scope) AND attribute_not_exists(#until)")
            .expression_attribute_names("#private", "private")
            .expression_attribute_names("#scope", "scope")
            .expression_attribute_names("#until", "until")
            .expression_attribute_values(":private", AttributeValue::Bool(private));
        if_condition_held(update.send().await, "hide a read marker")?;
        Ok(())
    }

    /// Notes whether a member receives nothing from the other one.
    pub async fn set_blocks(&self, room_id: &str, user_id: &str, blocks: bool) -> Result<()> {
        let update = self
            .member_update(room_id, user_id)
            .update_expression("SET blocks = :blocks")
            .condition_expression("attribute_exists(#scope)")
            .expression_attribute_names("#scope", "scope")
            .expression_attribute_values(":blocks", AttributeValue::Bool(blocks));
        if_condition_held(update.send().await, "block a person")?;
        Ok(())
    }

    /// Notes in a person's list whom they block in a direct conversation.
    pub async fn list_block(&self, room_id: &str, user_id: &str, blocks: Option<&str>) -> Result<()> {
        let update = self
            .db
            .update_item()
            .table_name(&self.table)
            .key("scope", list_scope(user_id))
            .key("key", string(room_id))
            .update_expression(if blocks.is_some() { "SET blocks = :blocks" } else { "REMOVE blocks" })
            .condition_expression("attribute_exists(#scope)")
            .expression_attribute_names("#scope", "scope")
            .set_expression_attribute_values(blocks.map(|id| Item::from([(":blocks".to_owned(), string(id))])));
        if_condition_held(update.send().await, "list whom a person blocks")?;
        Ok(())
    }

    /// Removes what a former member's row says about them, except which numbers they may know.
    pub async fn erase_member(&self, room_id: &str, user_id: &str, name: &str) -> Result<()> {
        let update = self
            .member_update(room_id, user_id)
            .update_expression("SET #name = :name REMOVE #read, #private, blocks")
            .condition_expression("attribute_exists(#until)")
            .expression_attribute_names("#name", "name")
            .expression_attribute_names("#read", "read")
            .expression_attribute_names("#private", "private")
            .expression_attribute_names("#until", "until")
            .expression_attribute_values(":name", string(name));
        if_condition_held(update.send().await, "erase a former member")?;
        Ok(())
    }

    /// Removes a conversation from a person's list.
    pub async fn unlist(&self, user_id: &str, room_id: &str) -> Result<()> {
        let delete = self.db.delete_item().table_name(&self.table).key("scope", list_scope(user_id));
        delete.key("key", string(room_id)).send().await.map_err(ChatError::service("shorten a person's list"))?;
        Ok(())
    }

    fn member_update(&self, room_id: &str, user_id: &str) -> UpdateItemFluentBuilder {
        let update = self.db.update_item().table_name(&self.table);
        update.key("scope", scope(room_id)).key("key", string(user_id))
    }

    pub(super) async fn query<T: serde::de::DeserializeOwned>(
        &self,
        scope: AttributeValue,
        doing: &'static str,
    ) -> Result<Vec<T>> {
        query_all(self.under(scope), doing).await
    }
}

pub(super) fn scope(room_id: &str) -> AttributeValue {
    string(format!("{SCOPE}{room_id}"))
}

fn list_scope(user_id: &str) -> AttributeValue {
    string(format!("conversations#{user_id}"))
}
