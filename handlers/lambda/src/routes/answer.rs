//! The bots' function: answers one message, which `send` passes on. Lambda repeats what fails, and puts it into the
//! dead-letter queue in the end.

use std::collections::BTreeMap;
use std::fs;

use lambda_runtime::Error;
use parlor_bots::Answers;
use parlor_chat::bots::Bot;
use parlor_chat::bots::ask::Question;
use parlor_chat::error::{ChatError, Result};
use parlor_chat::now;
use parlor_chat::store::MessageRow;
use parlor_protocol::Seq;
use serde_json::Value;

use crate::app::App;
use crate::events;
use crate::telemetry::Invocation;

/// What each bot of the stage says, by its name. `npm run bots -- try` tells what is wrong with a file that is not valid.
type Files = BTreeMap<String, std::result::Result<Answers, &'static str>>;

pub(super) async fn run(app: App) -> std::result::Result<(), Error> {
    let files: Files = app.chat.bots.all.iter().map(|bot| (bot.name.clone(), read(&app, bot))).collect();
    events::serve(&|question| Box::pin(answer(&app, &files, question))).await
}

async fn answer(app: &App, files: &Files, question: Value) -> Result<()> {
    let invocation = Invocation::start(app);
    let answered = async {
        let question: Question = serde_json::from_value(question).map_err(|_| failed("not a question"))?;
        let reply = |bot: &Bot, message: &MessageRow| reply(files, bot, &message.text, question.seq);
        app.chat.answer(&question, reply, now()).await
    };
    let answered = answered.await;
    invocation.ended(answered.as_ref().copied());
    answered.map(|_| ())
}

/// Reads a bot's file, which is in the bundle.
fn read(app: &App, bot: &Bot) -> std::result::Result<Answers, &'static str> {
    let json = fs::read_to_string(app.answers_file(&bot.name)).map_err(|_| "no file")?;
    Answers::parse(&json).map_err(|_| "not valid")
}

fn failed(reason: &str) -> ChatError {
    ChatError::Service { doing: "answer for a bot", reason: reason.to_owned() }
}

/// Returns what a bot says to a text.
///
/// # Errors
/// `unavailable` if its file is not valid.
fn reply(files: &Files, bot: &Bot, text: &str, seq: Seq) -> Result<String> {
    match files.get(&bot.name) {
        Some(Ok(answers)) => Ok(answers.reply(text, &[&bot.title, &bot.name], seq).text.to_owned()),
        Some(Err(problem)) => Err(failed(problem)),
        None => Err(failed("no file")),
    }
}
