//! Saying something: the number, then message and marker in one transaction, then everyone, then the acknowledgement.
//! `docs/protocol.md` states the promise that this keeps: what is acknowledged is in the log exactly once.

use futures_util::future::try_join;
use parlor_protocol::Millis;
use parlor_protocol::client::Send;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::server::{Ack, Message, ServerFrame};
use parlor_protocol::text::FrameId;

use crate::error::{ChatError, Result};
use crate::fanout::Tally;
use crate::store::{Appended, Event, Occupant, Said};
use crate::{Caller, Chat};

/// Numbers one send may use up. A second is needed where a reader voided the first, a third where that happened again.
const TRIES: usize = 4;

/// # Errors
/// `notJoined`, `roomNotFound`, `roomClosed`, `unavailable`.
pub async fn send(chat: &Chat, caller: &Caller, frame: Send, now: Millis) -> Result<Tally> {
    let Send { room, id, text } = frame;
    let room_id = room.as_str();
    let sender = chat.connections.occupant(&caller.connection_id, room_id, now).await?;
    let said =
        Said { id: id.as_str().to_owned(), user_id: sender.user_id, name: sender.name, text: text.into(), at: now };
    let (message, audience) = record(chat, room_id, said, now).await?;
    let ack = acknowledge(&message, id);
    let delivery = chat.broadcast(room_id, audience, &ServerFrame::Message(message), now).await;
    chat.poster.post(&caller.connection_id, &ack).await;
    Ok(chat.announce_departures(room_id, delivery, now).await)
}

/// Puts the message into the log, once for each (room, sender, id), and reads who is to have it. Reading beside the
/// transaction is enough: who comes in later finds the number already given out, and so knows of the message.
async fn record(chat: &Chat, room_id: &str, said: Said, now: Millis) -> Result<(Message, Vec<Occupant>)> {
    for _ in 0..TRIES {
        let room = chat.rooms.next_seq(room_id, now).await?;
        let (epoch, seq) = (room.epoch.as_str(), room.seq);
        let append = chat.log.append(room_id, epoch, seq, &said, now);
        let (appended, audience) = match try_join(append, chat.connections.in_room(room_id)).await {
            Ok(both) => both,
            Err(error) => {
                // Nobody is to wait for this number. Should the message be there after all, it stays.
                let _ = chat.log.void(room_id, epoch, seq).await;
                return Err(error);
            }
        };
        match appended {
            Appended::Done => return Ok((said.at_seq(room_id, seq), audience)),
            Appended::Before(first) => {
                chat.log.void(room_id, epoch, seq).await?;
                // The first attempt may have died before it told anybody: fan out again what it stored.
                return match chat.log.get(room_id, epoch, first).await? {
                    Some(Event::Message(first_said)) => Ok((first_said.at_seq(room_id, first), audience)),
                    _ => Err(ChatError::Service { doing: "repeat a message", reason: "no message".into() }),
                };
            }
            Appended::Taken => {}
            Appended::Conflict => {
                chat.log.void(room_id, epoch, seq).await?;
            }
        }
    }
    Err(ChatError::refused(ErrorCode::Unavailable, "the room is too busy; try again with the same id"))
}

fn acknowledge(message: &Message, id: FrameId) -> ServerFrame {
    ServerFrame::Ack(Ack { room: message.room.clone(), id, seq: message.seq, at: message.at })
}
