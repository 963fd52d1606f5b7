//! What a model says: a stream of events in AWS's binary encoding, each with JSON.

use std::collections::VecDeque;

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use aws_smithy_eventstream::smithy::parse_response_headers;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::event_stream::Message;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use super::Failure;

/// What a model said.
pub struct Said {
    pub text: String,
    pub stop: Stop,
    /// What it took and gave, if Bedrock told.
    pub tokens: Option<u64>,
}

/// Why it said no more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stop {
    Ended,
    /// It had no more tokens.
    Cut,
    /// It, or what watches over it, declined.
    Declined,
}

/// What has come so far.
#[derive(Default)]
struct Heard {
    text: String,
    stop: Option<Stop>,
    tokens: Option<u64>,
}

#[derive(Deserialize)]
struct ContentBlockDelta {
    delta: Delta,
}

/// Other members are for tools, reasoning, citations and images.
#[derive(Deserialize)]
struct Delta {
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageStop {
    stop_reason: String,
}

#[derive(Deserialize)]
struct Metadata {
    usage: Usage,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Usage {
    total_tokens: u64,
}

/// Reads what a model says to the end, and tells `so_far` as it comes.
pub(super) async fn read(mut response: HttpResponse, so_far: &watch::Sender<String>) -> Result<Said, Failure> {
    let mut body = ByteStream::new(response.take_body());
    let mut buffer = VecDeque::new();
    let mut decoder = MessageFrameDecoder::new();
    let mut heard = Heard::default();
    while let Some(bytes) = body.next().await {
        buffer.extend(bytes.map_err(|_| Failure::costly("no connection"))?);
        while let DecodedFrame::Complete(event) = decoder.decode_frame(&mut buffer).map_err(|_| unreadable())? {
            let before = heard.text.len();
            heard.hear(&event)?;
            if heard.text.len() > before {
                so_far.send_replace(heard.text.clone());
            }
        }
    }
    let Heard { text, stop, tokens } = heard;
    let stop = stop.ok_or_else(|| Failure::costly("unfinished answer"))?;
    Ok(Said { text, stop, tokens })
}

impl Heard {
    fn hear(&mut self, event: &Message) -> Result<(), Failure> {
        let headers = parse_response_headers(event).map_err(|_| unreadable())?;
        let kind = headers.smithy_type.as_str();
        if headers.message_type.as_str() == "exception" {
            let is_name = kind.bytes().all(|byte| byte.is_ascii_alphabetic());
            return Err(Failure::costly(if is_name { kind } else { "exception" }));
        }
        match kind {
            "contentBlockDelta" => {
                let ContentBlockDelta { delta } = parse(event)?;
                self.text.push_str(&delta.text.unwrap_or_default());
            }
            "messageStop" => {
                let MessageStop { stop_reason } = parse(event)?;
                self.stop = Some(match stop_reason.as_str() {
                    "end_turn" | "stop_sequence" => Stop::Ended,
                    "max_tokens" | "model_context_window_exceeded" => Stop::Cut,
                    "guardrail_intervened" | "content_filtered" | "refusal" => Stop::Declined,
                    _ => return Err(Failure::costly("unknown stop reason")),
                });
            }
            "metadata" => {
                let Metadata { usage } = parse(event)?;
                self.tokens = Some(usage.total_tokens);
            }
            // Where messages and blocks begin and end, and what later versions add.
            _ => {}
        }
        Ok(())
    }
}

fn parse<T: DeserializeOwned>(event: &Message) -> Result<T, Failure> {
    serde_json::from_slice(event.payload()).map_err(|_| unreadable())
}

fn unreadable() -> Failure {
    Failure::costly("unreadable answer")
}
