//! The commons, the stage's own room, which is always there: open to everyone, owned by nobody, first in the lobby.

use parlor_protocol::Millis;
use parlor_protocol::conversations::is_conversation;
use parlor_protocol::http::Visibility;

use super::{Room, RoomDraft, Rooms};
use crate::error::{ChatError, Result};
use crate::people::identity::random_id;
use crate::store::{Settings, if_condition_held, string};

/// The id of the commons. Other rooms' ids are longer.
pub const COMMONS: &str = "commons";

/// Whether a room does not end by itself.
pub(super) fn is_permanent(room_id: &str) -> bool {
    is_conversation(room_id) || room_id == COMMONS
}

impl Rooms {
    /// Creates the commons if there is none, and gives it this name.
    pub async fn ensure_commons(&self, name: &str, now: Millis) -> Result<()> {
        let Some(room) = self.find(COMMONS).await? else { return self.create_commons(name, now).await };
        if room.name == name {
            return Ok(());
        }
        let update = self
            .db
            .update_item()
            .table_name(&self.table)
            .key("roomId", string(COMMONS))
            .update_expression("SET #name = :name")
            .condition_expression("attribute_exists(roomId)")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":name", string(name));
        if_condition_held(update.send().await, "rename the commons")?;
        Ok(())
    }

    async fn create_commons(&self, name: &str, now: Millis) -> Result<()> {
        let doing = "create the commons";
        let draft = RoomDraft {
            room_id: COMMONS.to_owned(),
            epoch: random_id()?,
            name: name.to_owned(),
            topic: None,
            visibility: Visibility::Public,
            owner_id: None,
            settings: Settings::default(),
            reviewed: false,
        };
        // Not in the lobby's index: the first page begins with it.
        let room = Room { lobby_shard: None, ..Room::new(draft, now) };
        let put = self
            .db
            .put_item()
            .table_name(&self.table)
            .set_item(Some(serde_dynamo::to_item(&room).map_err(ChatError::row(doing))?))
            .condition_expression("attribute_not_exists(roomId)");
        if_condition_held(put.send().await, doing)?;
        Ok(())
    }
}
