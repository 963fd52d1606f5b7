//! The state of the room after an operation, its fault and its retries.

use parlor_chat::log::history::{PageRange, page};
use parlor_chat::store::Room;
use parlor_protocol::log::{ChangeKind, LogEvent, LogPage, Message, NoticeKind};
use parlor_protocol::{Millis, Seq};

use crate::OPEN;
use crate::support::{ALL, TestEnv};

/// The final state of the room.
pub struct After {
    pub room: Option<Room>,
    pub events: Vec<LogEvent>,
    /// Connections whose lease has not ended.
    pub here: Vec<String>,
    /// The numbers of the messages with open reports.
    pub reported: Vec<Seq>,
}

impl After {
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.events.iter().filter_map(|event| match event {
            LogEvent::Message(message) => Some(message),
            _ => None,
        })
    }

    pub fn message(&self, seq: Seq) -> &Message {
        self.messages().find(|message| message.seq == seq).unwrap()
    }

    pub fn changes(&self, kind: ChangeKind) -> usize {
        self.events.iter().filter(|event| matches!(event, LogEvent::Change(change) if change.kind == kind)).count()
    }

    pub fn notices(&self, kind: NoticeKind) -> usize {
        self.events.iter().filter(|event| matches!(event, LogEvent::Notice(notice) if notice.kind == kind)).count()
    }

    /// Whether the 👍 on Bob's message is Ada's alone, once.
    pub fn has_reaction_of_ada(&self) -> bool {
        let message = self.message(2);
        let thumbs = message.reactions.iter().find(|reaction| reaction.emoji == "👍");
        thumbs.is_some_and(|thumbs| thumbs.user_ids == ["ada"])
    }

    pub fn has_ada(&self) -> bool {
        self.here.iter().any(|connection_id| connection_id.starts_with("ada-"))
    }
}

pub async fn after(env: &TestEnv, now: Millis) -> After {
    let room = env.chat.rooms.open("r", now).await.ok();
    let events = match &room {
        Some(room) => everything(env, room, now + OPEN).await.events,
        // The log can no longer be read through the API; read the table.
        None => env.log_rows("r").await,
    };
    let occupants = env.chat.connections.in_room("r").await.unwrap();
    let here = occupants.iter().filter(|occupant| occupant.is_live(now)).map(|occupant| occupant.connection_id.clone());
    let epoch = room.as_ref().map_or("e1", |room| &room.epoch);
    let (reports, _) = env.chat.members.reports("r", epoch, None).await.unwrap();
    let reported = reports.into_iter().map(|report| report.seq).collect();
    After { room, events, here: here.collect(), reported }
}

pub async fn everything(env: &TestEnv, room: &Room, now: Millis) -> LogPage {
    page(&env.chat.log, room, 1, PageRange::After(0), ALL, now).await.unwrap()
}
