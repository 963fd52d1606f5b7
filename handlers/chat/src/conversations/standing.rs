//! What a caller is in a room: an occupant of a room, or a member of a conversation.

use parlor_protocol::conversations::{Role, is_conversation};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::moderation::Permission;
use parlor_protocol::person::Person;
use parlor_protocol::{Millis, Seq};

use crate::Caller;
use crate::error::{ChatError, Result};
use crate::log::record::AudienceOf;
use crate::store::{Connections, MemberRow, Members, Room, Roster};

/// Somebody who may write in a room.
pub enum Standing {
    Occupant(Person),
    Member { roster: Roster, me: MemberRow },
}

impl Standing {
    /// Reads what the caller is in a room, and in a conversation who else is a member.
    ///
    /// # Errors
    /// `notJoined`; `roomNotFound` for a conversation that they are not a member of, whether it exists or not;
    /// `blocked` if the other person of a direct conversation blocks them.
    pub async fn read(
        connections: &Connections,
        members: &Members,
        caller: &Caller,
        room_id: &str,
        now: Millis,
    ) -> Result<Self> {
        if !is_conversation(room_id) {
            let occupant = connections.occupant(&caller.connection_id, room_id, now).await?;
            return Ok(Self::Occupant(occupant.person()));
        }
        let roster = members.roster(room_id).await?;
        let me = roster.member(&caller.user_id).cloned().ok_or_else(ChatError::room_not_found)?;
        if roster.current().any(|other| other.blocks && other.user_id != me.user_id) {
            return Err(ChatError::refused(ErrorCode::Blocked, "this person does not accept messages from you"));
        }
        Ok(Self::Member { roster, me })
    }

    /// Returns the caller, under the name that they have in the room.
    pub fn person(&self) -> Person {
        match self {
            Self::Occupant(person) => person.clone(),
            Self::Member { me, .. } => me.person(),
        }
    }

    pub fn audience(&self) -> AudienceOf<'_> {
        match self {
            Self::Occupant(_) => AudienceOf::Room,
            Self::Member { roster, .. } => AudienceOf::Members(roster),
        }
    }

    /// Whether the caller owns this room.
    pub fn owns(&self, room: &Room) -> bool {
        match self {
            Self::Occupant(person) => room.owner_id.as_ref() == Some(&person.user_id),
            Self::Member { me, .. } => me.role == Role::Owner,
        }
    }

    /// Returns the first number that the caller may read.
    pub fn first(&self) -> Seq {
        match self {
            Self::Occupant(_) => 1,
            Self::Member { me, .. } => me.first,
        }
    }
}

/// Returns what a member may do in a conversation, of what [`Permission`] lists.
pub fn may(role: Role) -> Vec<Permission> {
    match role {
        Role::Owner => vec![Permission::Write, Permission::MentionRoom, Permission::DeleteAny],
        Role::Moderator | Role::Member => vec![Permission::Write],
    }
}

/// Reads the caller's own membership of a conversation.
///
/// # Errors
/// `roomNotFound` if they are not a member, whether the conversation exists or not.
pub async fn membership(members: &Members, room_id: &str, user_id: &str) -> Result<MemberRow> {
    let member = if is_conversation(room_id) { members.member(room_id, user_id).await? } else { None };
    member.filter(MemberRow::is_current).ok_or_else(ChatError::room_not_found)
}

/// Returns the first number that the caller may read in a room.
///
/// # Errors
/// As in [`Standing::read`]; those who are blocked may still read.
pub async fn first_readable(
    connections: &Connections,
    members: &Members,
    caller: &Caller,
    room_id: &str,
    now: Millis,
) -> Result<Seq> {
    if is_conversation(room_id) {
        return Ok(membership(members, room_id, &caller.user_id).await?.first);
    }
    connections.occupant(&caller.connection_id, room_id, now).await?;
    Ok(1)
}
