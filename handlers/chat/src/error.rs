//! Two kinds of failure: what the caller is told, and what only the log is told.

use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata, SdkError};
use parlor_protocol::error::ErrorCode;

pub type Result<T> = std::result::Result<T, ChatError>;

#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// The caller did something that is not possible; `message` is for them.
    #[error("{message}")]
    Refused { code: ErrorCode, message: String },
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
            Self::Service { .. } => ErrorCode::Unavailable,
        }
    }

    /// The sentence for the caller.
    pub fn public_message(&self) -> String {
        match self {
            Self::Refused { message, .. } => message.clone(),
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
