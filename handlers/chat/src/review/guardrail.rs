//! A guardrail of Amazon Bedrock that reviews texts, by `ApplyGuardrail`:
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html>.

use aws_smithy_types::byte_stream::ByteStream;
use parlor_protocol::Millis;
use parlor_protocol::text::{Explanation, Text};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Verdict;
use crate::error::{ChatError, Result};
use crate::signed::Service;

/// Two, because the first socket after a freeze may be dead.
const ATTEMPTS: usize = 2;

/// The guardrail.
pub struct Guardrail {
    /// The runtime of Bedrock.
    pub service: Service,
    pub id: String,
    pub version: String,
}

#[derive(Deserialize)]
struct Response {
    action: String,
    #[serde(default)]
    outputs: Vec<Output>,
    #[serde(default)]
    assessments: Vec<Value>,
}

#[derive(Deserialize)]
struct Output {
    #[serde(default)]
    text: String,
}

impl Guardrail {
    /// Applies the guardrail to a text.
    ///
    /// # Errors
    /// `unavailable` if Bedrock fails or throttles, or answers what it does not document.
    pub async fn review(&self, text: &str, now: Millis) -> Result<Verdict> {
        let body = json!({ "source": "INPUT", "content": [{ "text": { "text": text } }] });
        let body = serde_json::to_vec(&body).map_err(|_| failed("request not built"))?;
        let path = format!("/guardrail/{}/version/{}/apply", self.id, self.version);
        let mut failure = failed("no connection");
        for _ in 0..ATTEMPTS {
            match self.service.post(&path, &[], &body, now).await {
                Ok(mut response) if response.status().is_success() => {
                    let body = ByteStream::new(response.take_body()).collect().await;
                    let body = body.map_err(|_| failed("no connection"))?.into_bytes();
                    let response = serde_json::from_slice(&body).map_err(|_| failed("unreadable answer"))?;
                    return verdict(response);
                }
                Ok(_) => return Err(failed("refused")),
                Err(reason) => failure = failed(reason),
            }
        }
        Err(failure)
    }
}

/// What was only anonymized is replaced; what was blocked, or anything else that is not known, is refused.
fn verdict(Response { action, outputs, assessments }: Response) -> Result<Verdict> {
    match action.as_str() {
        "NONE" => return Ok(Verdict::Allow),
        "GUARDRAIL_INTERVENED" => {}
        _ => return Err(failed("unknown action")),
    }
    let output: String = outputs.into_iter().map(|output| output.text).collect();
    let mut taken = Vec::new();
    assessments.iter().for_each(|assessment| actions(assessment, &mut taken));
    taken.retain(|action| *action != "NONE");
    if !taken.is_empty() && taken.iter().all(|action| *action == "ANONYMIZED") {
        let text = Text::try_from(output).map_err(|_| failed("no text"))?;
        return Ok(Verdict::Replace(text.into()));
    }
    // What it says may be longer than an explanation, or on several lines.
    let said = output.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = Explanation::try_from(said.chars().take(Explanation::MAX).collect::<String>());
    Ok(Verdict::Refuse(said.ok().map(String::from)))
}

/// Collects what was done about each finding, in whatever policy.
fn actions<'a>(assessment: &'a Value, found: &mut Vec<&'a str>) {
    match assessment {
        Value::Array(values) => values.iter().for_each(|value| actions(value, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(action) if name == "action" => found.push(action),
                    value => actions(value, found),
                }
            }
        }
        _ => {}
    }
}

fn failed(reason: &str) -> ChatError {
    ChatError::Service { doing: "apply a guardrail", reason: reason.to_owned() }
}
