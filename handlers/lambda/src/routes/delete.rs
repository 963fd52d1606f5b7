//! `delete`: taking a message's text away.

use lambda_runtime::Error;
use parlor_chat::log::change;

use crate::app::App;
use crate::frames;

pub async fn run(app: App) -> Result<(), Error> {
    frames::serve(app, change::delete).await
}
