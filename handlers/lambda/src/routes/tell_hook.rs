//! The function that tells webhooks the messages of their rooms, one at a time. Lambda repeats what fails, and puts it into
//! the dead-letter queue in the end.

use lambda_runtime::Error;
use parlor_chat::bots::courier::Courier;
use parlor_chat::bots::tell::News;
use parlor_chat::delivery::PostCounts;
use parlor_chat::error::{ChatError, Result};
use parlor_chat::now;
use serde_json::Value;

use crate::app::App;
use crate::events;
use crate::telemetry::Invocation;

pub(super) async fn run(app: App) -> std::result::Result<(), Error> {
    let courier = Courier::new(app.scheme());
    events::serve(&|news| Box::pin(tell(&app, &courier, news))).await
}

async fn tell(app: &App, courier: &Courier, news: Value) -> Result<()> {
    let invocation = Invocation::start(app);
    let letter = async {
        let news: News = serde_json::from_value(news).map_err(|_| failed("not a message to tell".into()))?;
        app.chat.letter(&news, now()).await
    };
    let told = match letter.await {
        Ok(Some(letter)) => courier.post(&letter, now()).await,
        Ok(None) => Ok(()),
        Err(error) => {
            invocation.ended(Err(&error));
            return Err(error);
        }
    };
    match told {
        Ok(()) => {
            invocation.ended(Ok(PostCounts::default()));
            Ok(())
        }
        Err(reason) => {
            let error = failed(reason);
            invocation.untold(error.to_string());
            Err(error)
        }
    }
}

fn failed(reason: String) -> ChatError {
    ChatError::Service { doing: "tell a webhook", reason }
}
