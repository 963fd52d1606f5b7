//! Errors: refusals, which tell the caller what is wrong, and failures of a service, which only the log explains.

use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata, SdkError};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::moderation::Restriction;

pub type Result<T> = std::result::Result<T, ChatError>;

#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// The request cannot be done; `message` tells the caller why.
    #[error("{message}")]
    Refused {
        code: ErrorCode,
        message: String,
        /// The ban or mute for which it is refused.
        restriction: Option<Box<Restriction>>,
    },
    /// The room makes everyone wait between two messages. They can send in `retry_after` milliseconds.
    #[error("slow mode")]
    SlowMode { retry_after: Millis },
    /// The caller exceeded a rate. They can retry after `retry_after` milliseconds.
    #[error("rate limit exceeded")]
    RateLimited { retry_after: Millis },
    /// A service failed. `reason` is the service's own code; it contains no names and no content.
    #[error("failed to {doing}: {reason}")]
    Service { doing: &'static str, reason: String },
}

impl ChatError {
    pub fn refused(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::Refused { code, message: message.into(), restriction: None }
    }

    /// Refuses somebody because they are banned or muted, or a message because of its review.
    pub fn restricted(code: ErrorCode, message: impl Into<String>, restriction: Restriction) -> Self {
        Self::Refused { code, message: message.into(), restriction: Some(Box::new(restriction)) }
    }

    pub fn room_not_found() -> Self {
        Self::refused(ErrorCode::RoomNotFound, "no such room")
    }

    pub fn person_not_found() -> Self {
        let message = "there is no such person, or they have no handle and are not connected";
        Self::refused(ErrorCode::PersonNotFound, message)
    }

    /// For `map_err`: converts the error of a call to a service.
    pub fn service<E: ProvideErrorMetadata, R>(doing: &'static str) -> impl FnOnce(SdkError<E, R>) -> Self {
        move |error| Self::Service { doing, reason: reason(&error) }
    }

    /// For `map_err`: a row cannot be read or written.
    pub fn row(doing: &'static str) -> impl FnOnce(serde_dynamo::Error) -> Self {
        move |_| Self::Service { doing, reason: "a row of an unexpected form".into() }
    }

    /// For `map_err`: the SDK could not build a request.
    pub fn unbuilt(doing: &'static str) -> impl FnOnce(BuildError) -> Self {
        move |_| Self::Service { doing, reason: "request not built".into() }
    }

    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Refused { code, .. } => *code,
            Self::SlowMode { .. } => ErrorCode::SlowMode,
            Self::RateLimited { .. } => ErrorCode::RateLimited,
            Self::Service { .. } => ErrorCode::Unavailable,
        }
    }

    /// Returns how long the caller should wait, in milliseconds, if that is known.
    pub fn retry_after(&self) -> Option<Millis> {
        match self {
            Self::RateLimited { retry_after } | Self::SlowMode { retry_after } => Some(*retry_after),
            _ => None,
        }
    }

    /// Returns the ban or mute for which the request is refused.
    pub fn restriction(&self) -> Restriction {
        match self {
            Self::Refused { restriction: Some(restriction), .. } => restriction.as_ref().clone(),
            _ => Restriction::default(),
        }
    }

    /// Returns the message for the caller.
    pub fn public_message(&self) -> String {
        match self {
            Self::Refused { message, .. } => message.clone(),
            Self::RateLimited { retry_after } => {
                format!("rate limit exceeded; try again in {} s", retry_after.div_ceil(1000))
            }
            Self::SlowMode { retry_after } => {
                format!("the room is in slow mode; send your next message in {} s", retry_after.div_ceil(1000))
            }
            Self::Service { .. } => "a temporary failure; try again".into(),
        }
    }
}

fn reason<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    match error {
        SdkError::ServiceError(service) => service.err().code().unwrap_or("unknown error").to_owned(),
        SdkError::TimeoutError(_) => "timeout".into(),
        SdkError::DispatchFailure(_) => "no connection".into(),
        SdkError::ResponseError(_) => "unreadable answer".into(),
        _ => "request not built".into(),
    }
}
