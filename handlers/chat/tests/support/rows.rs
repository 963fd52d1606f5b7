//! Rooms, people and events that tests write to the tables directly, and what they read there.

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use parlor_chat::store::{
    Appended, Companion, Connections, Entry, Event, IdempotencyKey, Log, LogKey, LogRange, MessageRow, Occupant, Room,
    RoomDraft, Settings,
};
use parlor_chat::{Caller, ChatError, millis};
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::LEASE;
use parlor_protocol::log::LogEvent;
use parlor_protocol::person::Person;
use parlor_protocol::{Millis, Seq};

use super::TestEnv;

impl TestEnv {
    /// Creates a room with this id, the epoch `e1` and the owner `ada`.
    pub async fn room(&self, room_id: &str, visibility: Visibility, now: Millis) -> Room {
        self.room_of("ada", room_id, visibility, now).await
    }

    pub async fn room_of(&self, owner_id: &str, room_id: &str, visibility: Visibility, now: Millis) -> Room {
        self.room_with(owner_id, room_id, visibility, Settings::default(), now).await
    }

    pub async fn room_with(
        &self,
        owner_id: &str,
        room_id: &str,
        visibility: Visibility,
        settings: Settings,
        now: Millis,
    ) -> Room {
        let room = Room::new(
            RoomDraft {
                room_id: room_id.into(),
                epoch: "e1".into(),
                name: format!("Room {room_id}"),
                topic: None,
                visibility,
                owner_id: Some(owner_id.into()),
                settings,
                reviewed: false,
            },
            now,
        );
        self.chat.rooms.create(&room, None, &self.chat.limiter.limits, now).await.unwrap();
        room
    }

    /// Puts this many connections into a room quickly: writes only their occupant rows.
    pub async fn fill(&self, room_id: &str, count: usize, now: Millis) {
        self.fill_with(room_id, (0..count).map(|n| format!("user{n}")), now).await;
    }

    /// Like [`Self::fill`], with these names.
    pub async fn fill_with(&self, room_id: &str, names: impl Iterator<Item = String>, now: Millis) {
        let put = |(n, name)| put_occupant(room_id, n, name, now + millis(LEASE));
        let puts: Vec<_> = names.enumerate().map(put).collect();
        for batch in puts.chunks(25) {
            let Connections { db, table } = &self.chat.connections;
            db.batch_write_item().request_items(table, batch.to_vec()).send().await.unwrap();
        }
    }

    /// Writes the row of an occupant, like the middle of a join.
    pub async fn enter(
        &self,
        caller: &Caller,
        name: &str,
        room_id: &str,
        now: Millis,
    ) -> Result<Option<Occupant>, ChatError> {
        let room = self.chat.rooms.open(room_id, now).await?;
        let entered = self.chat.connections.enter(caller, name, &room, &[], now).await?;
        Ok(entered.before)
    }

    /// Stores a message at a drawn number, like the last step of a send.
    pub async fn append(&self, room_id: &str, seq: Seq, by: &Caller, id: &str, now: Millis) -> Appended {
        let author = Person { user_id: by.user_id.clone(), name: by.name.clone() };
        let marker = Companion::Marker(IdempotencyKey { user_id: by.user_id.clone(), id: id.to_owned() });
        let message = MessageRow::new(id.to_owned(), author, format!("said {id}"), now);
        let entry = Entry { event: Event::Message(message), epoch: None, companions: vec![marker] };
        let place = LogKey { room_id, epoch: "e1", seq };
        self.chat.log.append(place, &entry, &self.chat.rooms, now).await.unwrap()
    }

    /// Returns how many rows Messages has under a key: a room's id, or `remains`.
    pub async fn rows(&self, key: &str) -> usize {
        let Log { db, table } = &self.chat.log;
        let query = db.query().table_name(table).key_condition_expression("roomId = :key");
        let query = query.expression_attribute_values(":key", AttributeValue::S(key.to_owned()));
        query.send().await.unwrap().items.unwrap_or_default().len()
    }

    /// Returns all events of a room's log in the table, even if the room is closed.
    pub async fn log_rows(&self, room_id: &str) -> Vec<LogEvent> {
        let to = Seq::MAX / 10_000;
        let rows = self.chat.log.read(LogRange { room_id, epoch: "e1", from: 0, to }).await.unwrap();
        let placed = |(seq, event): (Seq, Event)| event.into_wire(LogKey { room_id, epoch: "e1", seq });
        rows.into_iter().filter_map(placed).collect()
    }
}

fn put_occupant(room_id: &str, n: usize, name: String, lease_until: Millis) -> WriteRequest {
    let user_id = format!("user{n}");
    let occupant = Occupant {
        connection_id: format!("{user_id}-1"),
        name,
        user_id,
        lease_until,
        unannounced: false,
        absence_seconds: None,
        address: None,
    };
    let put = PutRequest::builder()
        .set_item(Some(serde_dynamo::to_item(occupant).unwrap()))
        .item("channel", AttributeValue::S(format!("room#{room_id}")));
    WriteRequest::builder().put_request(put.build().unwrap()).build()
}

/// Returns the range of a whole log.
pub fn all_of<'a>(room_id: &'a str, epoch: &'a str) -> LogRange<'a> {
    LogRange { room_id, epoch, from: 0, to: Seq::MAX / 10_000 }
}
