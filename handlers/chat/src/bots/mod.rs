//! Bots: programs of the stage that answer when a message in a room mentions them, or in a direct conversation.
//!
//! - [`allow`]: a room's owner says which of the stage's bots answer there.
//! - [`ask`]: `send` passes a message on to the functions of the bots that it addresses.
//! - [`answer`]: such a function reads the message, and records the bot's answer once.
//! - [`lex`]: what a bot of the kind `lex` replies.
//! - [`bedrock`]: what a bot of the kind `bedrock` replies.
//! - [`hook`]: a program outside writes in a room through a webhook that the owner made.
//! - [`tell`]: such a program is told the room's messages.
//! - [`courier`]: takes them to its address, if that is one of the Internet's.

pub mod allow;
pub mod answer;
pub mod ask;
pub mod bedrock;
pub mod courier;
pub mod hook;
pub mod lex;
pub mod tell;

use parlor_protocol::error::ErrorCode;
use parlor_protocol::names::looks_like;
use parlor_protocol::person::{BOT_PREFIX, Person, Profile};
use parlor_protocol::text::Handle;
use serde::Deserialize;

use self::ask::Functions;
use crate::error::{ChatError, Result};
use crate::people::handles;
use crate::store::Room;

/// What a bot says that has no reply to what was said.
const SPEECHLESS: &str = "I have nothing to say to that.";

/// A bot of the stage.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Bot {
    /// Also its handle, and the end of its id.
    pub name: String,
    /// The name that people see.
    pub title: String,
    /// The name of the function that answers for it. Only `send` needs it.
    #[serde(skip)]
    pub function: String,
}

/// The bots of the stage.
pub struct Bots {
    pub all: Vec<Bot>,
    pub functions: Functions,
    /// The name of the function that tells webhooks. Only `send` needs it.
    pub teller: String,
}

impl Bot {
    pub fn user_id(&self) -> String {
        format!("{BOT_PREFIX}{}", self.name)
    }

    pub fn person(&self) -> Person {
        Person { user_id: self.user_id(), name: self.title.clone() }
    }

    fn is_imitated_by(&self, name: &str) -> bool {
        looks_like(name, &self.title) || looks_like(name, &self.name)
    }
}

impl Bots {
    pub fn named(&self, name: &str) -> Option<&Bot> {
        self.all.iter().find(|bot| bot.name == name)
    }

    pub fn with_id(&self, user_id: &str) -> Option<&Bot> {
        self.named(user_id.strip_prefix(BOT_PREFIX)?)
    }

    /// Returns a bot that a room can have: one of the stage, or a webhook of the room.
    pub fn in_room(&self, room: &Room, user_id: &str) -> Option<Person> {
        let listed = || room.settings.bots.iter().find(|bot| bot.user_id == user_id).cloned();
        self.with_id(user_id).map(Bot::person).or_else(listed)
    }

    /// Returns the bot with this handle, or one that looks like it.
    pub fn with_handle(&self, handle: &Handle) -> Option<&Bot> {
        self.named(handle.as_str()).or_else(|| self.all.iter().find(|bot| bot.is_imitated_by(handle.as_str())))
    }

    pub fn profile(&self, handle: &Handle) -> Option<Profile> {
        let bot = self.with_handle(handle)?;
        Some(Profile { user_id: bot.user_id(), name: bot.title.clone(), handle: bot.name.clone() })
    }

    /// Refuses a handle that looks like a bot's.
    ///
    /// # Errors
    /// `handleTaken`.
    pub fn leave_handle(&self, handle: &Handle) -> Result<()> {
        if self.with_handle(handle).is_some() { Err(handles::taken()) } else { Ok(()) }
    }

    /// Whether a name looks like a bot's. No person may have one.
    pub fn are_imitated_by(&self, name: &str) -> bool {
        self.all.iter().any(|bot| bot.is_imitated_by(name))
    }

    /// Refuses a name that looks like that of a bot of the stage, or of a room: `listed` are the room's.
    ///
    /// # Errors
    /// `invalidField`.
    pub fn check_name(&self, name: &str, listed: &[Person]) -> Result<()> {
        if self.are_imitated_by(name) || listed.iter().any(|bot| looks_like(name, &bot.name)) {
            return Err(ChatError::refused(ErrorCode::InvalidField, "name: must not look like that of a bot"));
        }
        Ok(())
    }
}

/// Cuts a text of more than so many units. `units` counts those of a character.
fn shortened(text: &str, most: usize, units: impl Fn(char) -> usize) -> String {
    let mut left = most;
    let mut kept = String::new();
    for c in text.chars() {
        let Some(rest) = left.checked_sub(units(c)) else {
            // Makes room for the mark.
            kept.pop();
            return kept + "…";
        };
        left = rest;
        kept.push(c);
    }
    kept
}
