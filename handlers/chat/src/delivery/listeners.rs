//! Posting to the members of a conversation: each receives it on every connection, without joining.

use std::collections::BTreeMap;

use futures_util::future::join;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use parlor_protocol::Millis;
use parlor_protocol::log::LogEvent;
use parlor_protocol::person::Person;
use parlor_protocol::server::ServerFrame;

use super::fanout::{CONCURRENCY, Fanout};
use super::poster::{PostCounts, PostResult, encode};
use crate::error::Result;
use crate::store::{MemberRow, PersonConnection, Roster};

/// A member's connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Listener {
    pub connection: PersonConnection,
    pub member: MemberRow,
}

/// Returns the members who are connected, under the names that they have in the conversation.
pub fn online(listeners: &[Listener]) -> Vec<Person> {
    let people: BTreeMap<_, _> =
        listeners.iter().map(|listener| (&listener.member.user_id, listener.member.person())).collect();
    people.into_values().collect()
}

impl Fanout<'_> {
    /// Reads the connections of the present members.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn present_listeners(&self, roster: &Roster, now: Millis) -> Result<Vec<Listener>> {
        self.listeners(roster.current(), now).await
    }

    /// Reads the connections of these members. Strongly consistent: connections that were opened before
    /// are among them. Those whose lease has ended are not.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn listeners(&self, members: impl Iterator<Item = &MemberRow>, now: Millis) -> Result<Vec<Listener>> {
        let reads = members.map(|member| async move {
            let connections = self.connections.of_person(&member.user_id).await?;
            let live = connections.into_iter().filter(|connection| connection.is_live(now));
            Ok(live.map(|connection| Listener { connection, member: member.clone() }).collect::<Vec<_>>())
        });
        let listeners: Vec<_> = stream::iter(reads).buffered(CONCURRENCY).try_collect().await?;
        Ok(listeners.into_iter().flatten().collect())
    }

    /// Posts an event to the members who may know of it. A change of a message from before a member's time comes to them
    /// without the message.
    pub async fn post_event(&self, listeners: Vec<Listener>, event: &LogEvent, now: Millis) -> PostCounts {
        let whole = ServerFrame::from(event.clone());
        let (of, seq) = match event {
            LogEvent::Change(change) => (change.of, change.seq),
            event => (event.seq(), event.seq()),
        };
        let bare = match event.clone() {
            LogEvent::Change(mut change) => {
                change.message = None;
                ServerFrame::Change(change)
            }
            event => event.into(),
        };
        let (knowing, others): (Vec<_>, Vec<_>) =
            listeners.into_iter().filter(|to| to.member.covers(seq)).partition(|to| to.member.first <= of);
        let (some, rest) = join(self.post_to(knowing, &whole, now), self.post_to(others, &bare, now)).await;
        some + rest
    }

    /// Posts a frame, and removes the connections that are gone.
    pub async fn post_to(&self, listeners: Vec<Listener>, frame: &ServerFrame, now: Millis) -> PostCounts {
        let data = encode(frame);
        stream::iter(listeners)
            .map(|Listener { connection, .. }| {
                let data = data.clone();
                async move {
                    let PersonConnection { connection_id, user_id, .. } = &connection;
                    let result = self.poster.post_bytes(connection_id, data).await;
                    if result == PostResult::Gone && !connection.may_be_opening(now) {
                        // If this fails, the next post finds the same.
                        let _ = self.connections.stop_receiving(user_id, connection_id).await;
                    }
                    PostCounts::from(result)
                }
            })
            .buffer_unordered(CONCURRENCY)
            .fold(PostCounts::default(), |all, one| async move { all + one })
            .await
    }
}
