//! One post to one connection, and what came of it.

use std::io::{self, Write};
use std::iter::Sum;
use std::ops::Add;

use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_apigatewaymanagement::primitives::Blob;
use parlor_protocol::server::ServerFrame;
use serde::Serialize;

/// What came of one post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostResult {
    Delivered,
    /// The connection no longer exists.
    Gone,
    /// The connection was too slow or throttled, or the service failed. Its client catches up by number.
    Skipped,
}

/// How many posts had each result, what else went wrong, and what a model took; every route logs them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PostCounts {
    pub delivered: usize,
    pub gone: usize,
    pub skipped: usize,
    /// Bots that could not be asked.
    pub unasked: usize,
    /// What the model that answered for a bot took and gave.
    pub tokens: usize,
}

impl From<PostResult> for PostCounts {
    fn from(result: PostResult) -> Self {
        let count = |counted| usize::from(result == counted);
        Self {
            delivered: count(PostResult::Delivered),
            gone: count(PostResult::Gone),
            skipped: count(PostResult::Skipped),
            ..Self::default()
        }
    }
}

impl Add for PostCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            delivered: self.delivered + other.delivered,
            gone: self.gone + other.gone,
            skipped: self.skipped + other.skipped,
            unasked: self.unasked + other.unasked,
            tokens: self.tokens + other.tokens,
        }
    }
}

impl Sum for PostCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Self::add)
    }
}

/// Posts frames to connections.
pub struct Poster {
    pub client: Client,
}

impl Poster {
    pub async fn post(&self, connection_id: &str, frame: &ServerFrame) -> PostResult {
        self.post_bytes(connection_id, encode(frame)).await
    }

    /// Closes a connection. If that fails, its frames continue to be refused.
    pub async fn disconnect(&self, connection_id: &str) {
        let _ = self.client.delete_connection().connection_id(connection_id).send().await;
    }

    /// Returns whether a connection no longer exists. Unless that is certain, it does.
    pub async fn is_gone(&self, connection_id: &str) -> bool {
        match self.client.get_connection().connection_id(connection_id).send().await {
            Ok(_) => false,
            Err(error) => says_gone(&error),
        }
    }

    pub(super) async fn post_bytes(&self, connection_id: &str, data: Blob) -> PostResult {
        match self.client.post_to_connection().connection_id(connection_id).data(data).send().await {
            Ok(_) => PostResult::Delivered,
            Err(error) if says_gone(&error) => PostResult::Gone,
            Err(_) => PostResult::Skipped,
        }
    }
}

/// Whether the exception or the bare status says so: not every layer that answers 410 also names the exception.
fn says_gone<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.code() == Some("GoneException")
        || error.raw_response().is_some_and(|response| response.status().as_u16() == 410)
}

/// Frames are plain data, so serializing one cannot fail.
pub(super) fn encode(frame: &ServerFrame) -> Blob {
    Blob::new(serde_json::to_vec(frame).unwrap_or_default())
}

/// Returns how many bytes a value takes as JSON, without keeping them.
pub(crate) fn json_length(value: &impl Serialize) -> usize {
    struct Counter(usize);
    impl Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    // Counting cannot fail, and what is posted can always be serialized.
    let _ = serde_json::to_writer(&mut counter, value);
    counter.0
}
