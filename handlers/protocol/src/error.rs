//! The closed list of error codes.

use serde::{Deserialize, Serialize};

/// Why a frame or a request was refused. Handle a code that you do not know by `retryable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum ErrorCode {
    BadFrame,
    FrameTooLarge,
    UnknownAction,
    InvalidField,
    Unauthorized,
    Forbidden,
    RoomNotFound,
    PersonNotFound,
    RoomClosed,
    PassRequired,
    WrongPassword,
    NameTaken,
    TooManyMembers,
    TooManyConnections,
    Blocked,
    Banned,
    Muted,
    RoomLocked,
    MessageRefused,
    Held,
    TooManyHeld,
    SlowMode,
    HandleTaken,
    AlreadyLinked,
    NotJoined,
    MessageNotFound,
    MessageDeleted,
    TooManyReactions,
    TooManyReports,
    IdReused,
    TooManyRooms,
    RoomFull,
    ConnectionExpired,
    RateLimited,
    Unavailable,
}

impl ErrorCode {
    /// Returns whether the same frame may succeed later.
    pub fn retryable(self) -> bool {
        matches!(
            self,
            Self::RoomFull
                | Self::TooManyConnections
                | Self::ConnectionExpired
                | Self::SlowMode
                | Self::RateLimited
                | Self::Unavailable
        )
    }

    /// Returns the status of an HTTP response with this code.
    pub fn status(self) -> u16 {
        match self {
            Self::Held => 202,
            Self::BadFrame | Self::UnknownAction | Self::InvalidField => 400,
            Self::Unauthorized => 401,
            Self::Forbidden
            | Self::PassRequired
            | Self::WrongPassword
            | Self::NotJoined
            | Self::Blocked
            | Self::Banned
            | Self::Muted
            | Self::RoomLocked
            | Self::MessageRefused => 403,
            Self::RoomNotFound | Self::PersonNotFound | Self::MessageNotFound => 404,
            Self::TooManyReactions
            | Self::TooManyReports
            | Self::TooManyHeld
            | Self::IdReused
            | Self::TooManyRooms
            | Self::TooManyMembers
            | Self::TooManyConnections
            | Self::RoomFull
            | Self::NameTaken
            | Self::HandleTaken
            | Self::AlreadyLinked
            | Self::ConnectionExpired => 409,
            Self::RoomClosed | Self::MessageDeleted => 410,
            Self::FrameTooLarge => 413,
            Self::RateLimited | Self::SlowMode => 429,
            Self::Unavailable => 503,
        }
    }
}
