//! Drafts: what a bot has written so far. They are not in the log, so one that is lost matters to nobody.

use parlor_protocol::Millis;
use parlor_protocol::blank::is_blank;
use parlor_protocol::limits::{DRAFT_CONNECTIONS, DRAFT_INTERVAL};
use parlor_protocol::server::{Draft, ServerFrame};
use parlor_protocol::text::Text;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::bots::answer::Asked;
use crate::bots::shortened;
use crate::error::Result;
use crate::log::record::Recorder;

/// Posts drafts until `so_far` has ended. None is under way any more when this returns.
pub(super) async fn post(recorder: Recorder<'_>, asked: &Asked, mut so_far: watch::Receiver<String>, now: Millis) {
    let mut next = Instant::now();
    while so_far.changed().await.is_ok() {
        if Instant::now() < next {
            continue;
        }
        let text = shortened(so_far.borrow_and_update().trim(), Text::MAX, |_| 1);
        if is_blank(&text) {
            continue;
        }
        next = Instant::now() + DRAFT_INTERVAL;
        // If the audience cannot be read, the next draft may do.
        let _ = post_one(recorder, asked, text, now).await;
    }
}

async fn post_one(Recorder { fanout, .. }: Recorder<'_>, asked: &Asked, text: String, now: Millis) -> Result<()> {
    let key = asked.key();
    let (room, epoch) = (key.room_id.to_owned(), key.epoch.to_owned());
    let draft = ServerFrame::Draft(Draft { room, epoch, seq: key.seq, from: asked.bot.person(), text });
    match asked.roster() {
        None => {
            let occupants = fanout.connections.some_in_room(key.room_id, None, DRAFT_CONNECTIONS + 1).await?;
            if occupants.len() <= DRAFT_CONNECTIONS {
                fanout.post_only(&occupants, &draft, now).await;
            }
        }
        Some(roster) => {
            let listeners = fanout.listeners(roster.current().filter(|member| member.covers(key.seq)), now).await?;
            if listeners.len() <= DRAFT_CONNECTIONS {
                fanout.post_to(listeners, &draft, now).await;
            }
        }
    }
    Ok(())
}
