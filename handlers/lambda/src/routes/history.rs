//! `history`: pages of a room's messages.

use lambda_runtime::Error;
use parlor_chat::log::history;

use crate::app::App;
use crate::frames;

pub async fn run(app: App) -> Result<(), Error> {
    frames::serve(app, history::history).await
}
