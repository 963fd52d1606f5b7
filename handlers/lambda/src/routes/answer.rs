//! The bots' functions: each answers one message at a time, which `send` passes on. Lambda repeats what fails, and puts it
//! into the dead-letter queue in the end.

use std::collections::BTreeMap;
use std::fs;

use lambda_runtime::Error;
use parlor_bots::Answers;
use parlor_chat::bots::Bot;
use parlor_chat::bots::answer::{Asked, Reply};
use parlor_chat::bots::ask::Question;
use parlor_chat::bots::bedrock::Bedrock;
use parlor_chat::bots::lex::Lex;
use parlor_chat::delivery::PostCounts;
use parlor_chat::error::{ChatError, Result};
use parlor_chat::now;
use serde_json::Value;

use crate::app::App;
use crate::events;
use crate::telemetry::Invocation;

/// What makes the replies of a function.
enum Replies {
    /// Of the bots of the kind `answers`.
    Files(Files),
    /// Of one bot of the kind `lex`.
    Lex(Lex),
    /// Of one bot of the kind `bedrock`.
    Bedrock(Bedrock),
    /// The function has no valid setting for its bot, or no prompt.
    None,
}

/// What each bot of the stage says, by its name. `npm run bots -- try` tells what is wrong with a file that is not valid.
type Files = BTreeMap<String, std::result::Result<Answers, &'static str>>;

pub(super) async fn run(app: App) -> std::result::Result<(), Error> {
    let files = app.chat.bots.all.iter().map(|bot| (bot.name.clone(), read(&app, bot))).collect();
    serve(app, Replies::Files(files)).await
}

/// Serves one bot of a kind that has a function for each.
pub(super) async fn run_one(app: App) -> std::result::Result<(), Error> {
    let replies = app.lex().map(Replies::Lex).or_else(|| app.bedrock().map(Replies::Bedrock));
    serve(app, replies.unwrap_or(Replies::None)).await
}

async fn serve(app: App, replies: Replies) -> std::result::Result<(), Error> {
    events::serve(&|question| Box::pin(answer(&app, &replies, question))).await
}

async fn answer(app: &App, replies: &Replies, question: Value) -> Result<()> {
    let invocation = Invocation::start(app);
    let answered = async {
        let question: Question = serde_json::from_value(question).map_err(|_| failed("not a question"))?;
        let Some(mut asked) = app.chat.asked(question, now()).await? else { return Ok(PostCounts::default()) };
        let reply = match asked.answered.take() {
            Some(reply) => Ok(Some(reply)),
            None => replies.to(app, &asked).await,
        };
        match reply.transpose() {
            Some(reply) => app.chat.answer(&asked, reply, now()).await,
            None => Ok(PostCounts::default()),
        }
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

impl Replies {
    /// Returns what a bot says to a message, if it may say anything.
    ///
    /// # Errors
    /// `unavailable` if its file is not valid, or Lex or Bedrock fails.
    async fn to(&self, app: &App, asked: &Asked) -> Result<Option<Reply>> {
        match self {
            Self::Files(files) => {
                let Bot { name, title, .. } = &asked.bot;
                let answers = files.get(name).ok_or_else(|| failed("no file"))?;
                let answers = answers.as_ref().map_err(|problem| failed(problem))?;
                let text = answers.reply(&asked.message.text, &[title, name], asked.seq()).text.to_owned();
                Ok(Some(Reply { text, ..Reply::default() }))
            }
            Self::Lex(lex) => lex.reply(asked, now()).await.map(Some),
            Self::Bedrock(bedrock) => app.chat.converse(bedrock, asked, now()).await,
            Self::None => Err(failed("no setting")),
        }
    }
}
