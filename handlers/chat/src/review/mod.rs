//! The review of what people write in a room, before it gets a number: word lists, then a function of the stage's owner,
//! then a guardrail of Amazon Bedrock. The first that refuses or holds a text decides; one that replaces it passes the new
//! text on.
//!
//! - [`admit`]: the review of an entry, before its number is drawn.
//! - [`function`]: the function.
//! - [`guardrail`]: the guardrail.
//! - [`held`]: what waits for a moderator.

pub mod admit;
pub mod function;
pub mod guardrail;
pub mod held;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::person::{Person, is_bot};
use parlor_words::{Finding, WordList};
use serde::Deserialize;
use tokio::time::timeout;

use self::function::Function;
use self::guardrail::Guardrail;
use crate::error::{ChatError, Result};
use crate::store::Entry;

/// What moderators are told of a message that nobody reviewed.
const UNREVIEWED: &str = "The review failed";

/// The reviewers of the stage.
pub struct Review {
    pub words: WordList,
    pub function: Option<Function>,
    pub guardrail: Option<Guardrail>,
    /// For all of them together.
    pub timeout: Duration,
    pub on_failure: OnFailure,
    /// Whether every room of the stage is reviewed, whatever its owner says.
    pub is_required: bool,
    /// Whether a word list could not be read.
    pub is_broken: bool,
    /// Reviews that have failed since [`Review::take_failures`] was last called.
    pub failures: AtomicUsize,
}

/// What happens to a text whose review fails or takes too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OnFailure {
    Hold,
    Allow,
}

/// A text to review.
#[derive(Clone, Copy)]
pub struct Submission<'a> {
    pub room_id: &'a str,
    pub author: &'a Person,
    pub text: &'a str,
    pub reply_to: Option<u64>,
}

/// What a reviewer says of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    Allow,
    Replace(String),
    /// A moderator decides. The reason is for them.
    Hold(Option<String>),
    /// The reason is for the author.
    Refuse(Option<String>),
}

/// What came of a review.
#[derive(Clone, Debug, PartialEq)]
pub struct Reviewed {
    /// The text instead of what was written.
    pub text: Option<String>,
    pub decision: Decision,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    Allow,
    Hold(Option<String>),
    /// The reason is for the author.
    Refuse(Option<String>),
}

impl Review {
    /// Without any reviewer.
    pub fn new(timeout: Duration, on_failure: OnFailure, is_required: bool) -> Self {
        let (words, failures) = (WordList::default(), AtomicUsize::new(0));
        Self { words, function: None, guardrail: None, timeout, on_failure, is_required, is_broken: false, failures }
    }

    /// Whether an entry has something to review.
    pub fn concerns(entry: &Entry) -> bool {
        entry.text().is_some() && !entry.is_approved()
    }

    /// Returns how many reviews have failed since this was last asked.
    pub fn take_failures(&self) -> usize {
        self.failures.swap(0, Ordering::Relaxed)
    }

    /// Reviews a text.
    pub async fn review(&self, submission: Submission<'_>, now: Millis) -> Reviewed {
        let mut text = None;
        let asked = timeout(self.timeout, self.ask(submission, &mut text, now)).await;
        let decision = match asked {
            Ok(Ok(decision)) => decision,
            Ok(Err(_)) | Err(_) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                match self.on_failure {
                    OnFailure::Allow => Decision::Allow,
                    OnFailure::Hold => Decision::Hold(Some(UNREVIEWED.to_owned())),
                }
            }
        };
        Reviewed { text, decision }
    }

    /// `replaced` is the text as the reviewers so far leave it.
    async fn ask(&self, submission: Submission<'_>, replaced: &mut Option<String>, now: Millis) -> Result<Decision> {
        if self.is_broken {
            return Err(ChatError::Service { doing: "review a text", reason: "a word list is missing".to_owned() });
        }
        for reviewer in [Reviewer::Words, Reviewer::Function, Reviewer::Guardrail] {
            let so_far = replaced.clone();
            let submission = Submission { text: so_far.as_deref().unwrap_or(submission.text), ..submission };
            let verdict = match (reviewer, &self.function, &self.guardrail) {
                (Reviewer::Words, ..) => by_words(&self.words, submission.text),
                (Reviewer::Function, Some(function), _) => function.review(submission, now).await?,
                (Reviewer::Guardrail, _, Some(guardrail)) => guardrail.review(submission.text, now).await?,
                _ => Verdict::Allow,
            };
            match verdict {
                Verdict::Allow => {}
                Verdict::Replace(text) => *replaced = Some(text),
                Verdict::Hold(reason) => return Ok(Decision::Hold(reason)),
                Verdict::Refuse(reason) => return Ok(Decision::Refuse(reason)),
            }
        }
        Ok(Decision::Allow)
    }
}

#[derive(Clone, Copy)]
enum Reviewer {
    Words,
    Function,
    Guardrail,
}

fn by_words(words: &WordList, text: &str) -> Verdict {
    match words.find(text) {
        Finding::Nothing => Verdict::Allow,
        Finding::Masked(text) => Verdict::Replace(text),
        Finding::Hold(phrase) => Verdict::Hold(Some(format!("Word list: {phrase}"))),
        Finding::Refuse(_) => Verdict::Refuse(None),
    }
}

/// Returns what kind of author this is: `person`, or `bot` for a bot or a webhook.
fn kind(author: &Person) -> &'static str {
    if is_bot(&author.user_id) { "bot" } else { "person" }
}

/// Returns whether a new room is reviewed.
///
/// # Errors
/// `invalidField` if its creator asks for it and the stage has no reviewers.
pub fn of_new_room(review: Option<&Review>, asked: bool) -> Result<bool> {
    if asked && review.is_none() {
        return Err(no_reviewers("reviewed"));
    }
    Ok(asked || review.is_some_and(|review| review.is_required))
}

/// Checks that the owner of a room may turn review on or off.
///
/// # Errors
/// `invalidField`.
pub fn check_choice(review: Option<&Review>, on: bool) -> Result<()> {
    match review {
        None if on => Err(no_reviewers("on")),
        Some(Review { is_required: true, .. }) if !on => {
            Err(ChatError::refused(ErrorCode::InvalidField, "on: this stage reviews every room"))
        }
        _ => Ok(()),
    }
}

fn no_reviewers(field: &str) -> ChatError {
    ChatError::refused(ErrorCode::InvalidField, format!("{field}: this stage has no reviewers"))
}
