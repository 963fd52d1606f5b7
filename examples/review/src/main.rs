//! A function that reviews messages, as an example: it refuses shouting, holds links of people for a moderator, and replaces
//! telephone numbers. Build it with `cargo lambda build --release --arm64 -p parlor-review-example`, deploy it as a function
//! of your own, and name its ARN in the setting `review` of a stage. `docs/review.md` has the contract.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Request {
    /// Of the contract. Later ones may add fields.
    version: u32,
    author: Author,
    text: String,
}

#[derive(Deserialize)]
struct Author {
    kind: Kind,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Person,
    Bot,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "camelCase")]
enum Answer {
    Allow,
    Replace { text: String },
    Hold { reason: &'static str },
    Refuse { reason: &'static str },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Request>| review(&event.payload))).await
}

/// Returns what becomes of a text. An error lets the stage's setting `onFailure` decide.
fn review(request: &Request) -> Result<Answer, Error> {
    if request.version != 1 {
        return Err(format!("version {} of the contract is not known here", request.version).into());
    }
    let text = &request.text;
    if is_shouted(text) {
        return Ok(Answer::Refuse { reason: "Please do not shout" });
    }
    if request.author.kind == Kind::Person && text.contains("://") {
        return Ok(Answer::Hold { reason: "It has a link" });
    }
    let hidden = without_numbers(text);
    Ok(if hidden == *text { Answer::Allow } else { Answer::Replace { text: hidden } })
}

/// Whether a text of some length is in capitals.
fn is_shouted(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() >= 8 && !text.chars().any(char::is_lowercase)
}

/// Replaces each run of seven or more digits, whatever separates them.
fn without_numbers(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_digit() || " -/+()".contains(c);
    let mut hidden = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        let (run, after) = from.split_at(from.find(|c| !is_part(c)).unwrap_or(from.len()));
        let is_number = run.bytes().filter(u8::is_ascii_digit).count() >= 7;
        hidden.push_str(before);
        match is_number {
            true => {
                hidden.push_str(if run.starts_with(' ') { " (number)" } else { "(number)" });
                hidden.push_str(if run.ends_with(' ') { " " } else { "" });
            }
            false => hidden.push_str(run),
        }
        rest = after;
    }
    hidden + rest
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn answer(kind: &str, text: &str) -> Value {
        let author = json!({ "userId": "u1", "name": "Ada", "kind": kind });
        let request = json!({ "version": 1, "room": "r1", "author": author, "text": text, "replyTo": 3 });
        serde_json::to_value(review(&serde_json::from_value(request).unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn it_answers_as_the_contract_says() {
        assert_eq!(answer("person", "Hello, all 12 of you"), json!({ "outcome": "allow" }));
        assert_eq!(
            answer("person", "BUY NOW, PEOPLE"),
            json!({ "outcome": "refuse", "reason": "Please do not shout" })
        );
        let held = json!({ "outcome": "hold", "reason": "It has a link" });
        assert_eq!(answer("person", "See https://example.org"), held);
        assert_eq!(answer("bot", "See https://example.org"), json!({ "outcome": "allow" }));
        let replaced = json!({ "outcome": "replace", "text": "Call (number) now" });
        assert_eq!(answer("person", "Call 030 123-4567 now"), replaced);
    }

    #[test]
    fn another_version_is_an_error() {
        let request = Request { version: 2, author: Author { kind: Kind::Person }, text: String::new() };
        assert!(review(&request).is_err());
    }
}
