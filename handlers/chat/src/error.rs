//! Two kinds of failure: what the caller is told, and what only the log is told.

use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata, SdkError};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;

pub type Result<T> = std::result::Result<T, ChatError>;

#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// The caller did something that is not possible; `message` is for them.
    #[error("{message}")]
    Refused { code: ErrorCode, message: String },
    /// The caller did too much in too short a time; in `retry_after` milliseconds they may go on.
    #[error("too much at once")]
    RateLimited { retry_after: Millis },
    /// A service failed. `reason` is the service's own code; it names nobody and quotes nothing.
    #[error("failed to {doing}: {reason}")]
    Service { doing: &'static str, reason: String },
}

impl ChatError {
    pub fn refused(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::Refused { code, message: message.into() }
    }

    /// Turns a failed call of a service into an error; for `map_err`.
    pub fn service<E: ProvideErrorMetadata, R>(doing: &'static str) -> impl FnOnce(SdkError<E, R>) -> Self {
        move |error| Self::Service { doing, reason: reason(&error) }
    }

    /// A row that is not as this version writes rows.
    pub fn row(doing: &'static str) -> impl FnOnce(serde_dynamo::Error) -> Self {
        move |_| Self::Service { doing, reason: "a row of another form".into() }
    }

    /// A request that the SDK could not make.
    pub fn unbuilt(doing: &'static str) -> impl FnOnce(BuildError) -> Self {
        move |_| Self::Service { doing, reason: "request not built".into() }
    }

    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Refused { code, .. } => *code,
            Self::RateLimited { .. } => ErrorCode::RateLimited,
            Self::Service { .. } => ErrorCode::Unavailable,
        }
    }

    /// How long the caller is to wait, in milliseconds, where that is known.
    pub fn retry_after(&self) -> Option<Millis> {
        match self {
            Self::RateLimited { retry_after } => Some(*retry_after),
            _ => None,
        }
    }

    /// The sentence for the caller.
    pub fn public_message(&self) -> String {
        match self {
            Self::Refused { message, .. } => message.clone(),
            Self::RateLimited { retry_after } => {
                format!("too much at once; try again in {} s", retry_after.div_ceil(1000))
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
