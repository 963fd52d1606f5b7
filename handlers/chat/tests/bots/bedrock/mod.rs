//! Bots of the kind `bedrock`, against a fake Bedrock.

mod budgets;
mod drafts;
mod faults;
mod talking;
mod turns;

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use parlor_chat::bots::bedrock::{Bedrock, BedrockBot};
use parlor_chat::signed::Service;
use parlor_chat::store::Budgets;

use super::fake_bedrock::{FakeBedrock, MODEL};
use super::support::connector;
use super::support::signature::{KEY, REGION, SECRET};
use super::*;

const PROMPT: &str = "You know the house.\n";
const BUDGETS: Budgets = Budgets { person: 50_000, room: 100_000, stage: 200_000 };

/// The bot that answers for the concierge, signing with this secret.
pub fn bedrock_over(connector: SharedHttpConnector, url: &str, secret: &str) -> Bedrock {
    let credentials = Credentials::new(KEY, secret, None, None, "fixed");
    let service = Service::new(url.into(), "bedrock", REGION.into(), credentials).over(connector);
    let model_id = MODEL.into();
    let bot = BedrockBot { model_id, region: None, max_tokens: 800, context_messages: 20, budgets: BUDGETS };
    Bedrock { service, bot, prompt: PROMPT.into() }
}

/// A room with the bot, Ada and Bob in it, and the fake.
struct Study {
    env: TestEnv,
    ada: Caller,
    bob: Caller,
    room: String,
    fake: FakeBedrock,
    bedrock: Bedrock,
}

async fn study() -> Study {
    let (env, ada, bob, room) = room_with_bot().await;
    let fake = FakeBedrock::default();
    let bedrock = bedrock_over(connector(), &fake.serve().await, SECRET);
    Study { env, ada, bob, room, fake, bedrock }
}

/// Does a job as the function of a bot of the kind `bedrock` does it.
pub async fn job(chat: &Chat, bedrock: &Bedrock, question: &Question, now: Millis) -> Result<PostCounts, ChatError> {
    let Some(mut asked) = chat.asked(question.clone(), now).await? else { return Ok(PostCounts::default()) };
    let reply = match asked.answered.take() {
        Some(reply) => Ok(Some(reply)),
        None => chat.converse(bedrock, &asked, now).await,
    };
    match reply.transpose() {
        Some(reply) => chat.answer(&asked, reply, now).await,
        None => Ok(PostCounts::default()),
    }
}

impl Study {
    /// Sends a text that mentions the bot, and returns what it is asked.
    async fn ask(&self, by: &Caller, id: &str, text: &str) -> Question {
        let send = json!({ "action": "send", "room": self.room, "id": id, "text": text, "mentions": [CONCIERGE] });
        self.env.chat.send(by, of(send), LATER).await.unwrap();
        self.env.gateway.take_questions().pop().unwrap()
    }

    /// Sends a text that mentions nobody.
    async fn say(&self, by: &Caller, id: &str, text: &str) {
        let send = json!({ "action": "send", "room": self.room, "id": id, "text": text });
        self.env.chat.send(by, of(send), LATER).await.unwrap();
    }

    async fn job(&self, question: &Question) -> Result<PostCounts, ChatError> {
        job(&self.env.chat, &self.bedrock, question, LATER).await
    }

    /// Asks, and returns the answer.
    async fn answer(&self, by: &Caller, id: &str, text: &str) -> String {
        let question = self.ask(by, id, text).await;
        self.job(&question).await.unwrap();
        self.said().await.into_iter().find(|message| message.reply_to == Some(question.seq)).unwrap().text
    }

    async fn said(&self) -> Vec<Message> {
        said(&self.env, &self.room).await
    }
}

/// Returns the turns of a request: the role and the texts of each.
fn turns(request: &Value) -> Vec<(String, Vec<String>)> {
    let text = |block: &Value| block["text"].as_str().unwrap().to_owned();
    let turn = |turn: &Value| {
        let texts = turn["content"].as_array().unwrap().iter().map(text).collect();
        (turn["role"].as_str().unwrap().to_owned(), texts)
    };
    request["messages"].as_array().unwrap().iter().map(turn).collect()
}
