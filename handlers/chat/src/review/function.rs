//! A function of the stage's owner that reviews texts. `docs/review.md` has the contract.

use aws_smithy_types::byte_stream::ByteStream;
use parlor_protocol::Millis;
use parlor_protocol::text::{Explanation, Text};
use serde::{Deserialize, Serialize};

use super::{Submission, Verdict, kind};
use crate::error::{ChatError, Result};
use crate::signed::Service;

/// Two, because the first socket after a freeze may be dead.
const ATTEMPTS: usize = 2;

/// The function.
pub struct Function {
    /// Lambda.
    pub service: Service,
    pub arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    version: u32,
    room: &'a str,
    author: Author<'a>,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Author<'a> {
    user_id: &'a str,
    name: &'a str,
    kind: &'static str,
}

#[derive(Deserialize)]
#[serde(tag = "outcome", rename_all = "camelCase")]
enum Answer {
    Allow,
    Replace { text: Text },
    Hold { reason: Option<Explanation> },
    Refuse { reason: Option<Explanation> },
}

impl Function {
    /// Asks the function, and waits for its answer.
    ///
    /// # Errors
    /// `unavailable` if it cannot be invoked, fails, or answers anything else than the contract has.
    pub async fn review(&self, submission: Submission<'_>, now: Millis) -> Result<Verdict> {
        let Submission { room_id, author, text, reply_to } = submission;
        let author = Author { user_id: &author.user_id, name: &author.name, kind: kind(author) };
        let request = Request { version: 1, room: room_id, author, text, reply_to };
        let body = serde_json::to_vec(&request).map_err(|_| failed("request not built"))?;
        let path = format!("/2015-03-31/functions/{}/invocations", self.arn.replace(':', "%3A"));
        let mut failure = failed("no connection");
        for _ in 0..ATTEMPTS {
            match self.service.post(&path, &[("x-amz-invocation-type", "RequestResponse")], &body, now).await {
                Ok(response) if response.status().is_success() => {
                    if response.headers().get("x-amz-function-error").is_some() {
                        return Err(failed("it failed"));
                    }
                    let mut response = response;
                    let body = ByteStream::new(response.take_body()).collect().await;
                    let body = body.map_err(|_| failed("no connection"))?.into_bytes();
                    let answer: Answer = serde_json::from_slice(&body).map_err(|_| failed("unreadable answer"))?;
                    return Ok(answer.into());
                }
                Ok(_) => return Err(failed("refused")),
                Err(reason) => failure = failed(reason),
            }
        }
        Err(failure)
    }
}

impl From<Answer> for Verdict {
    fn from(answer: Answer) -> Self {
        let reason = |reason: Option<Explanation>| reason.map(String::from);
        match answer {
            Answer::Allow => Self::Allow,
            Answer::Replace { text } => Self::Replace(text.into()),
            Answer::Hold { reason: why } => Self::Hold(reason(why)),
            Answer::Refuse { reason: why } => Self::Refuse(reason(why)),
        }
    }
}

fn failed(reason: &str) -> ChatError {
    ChatError::Service { doing: "ask a reviewing function", reason: reason.to_owned() }
}
