//! `edit`: giving one's own message another text.

use lambda_runtime::Error;
use parlor_chat::log::change;

use crate::app::App;
use crate::frames;

pub async fn run(app: App) -> Result<(), Error> {
    frames::serve(app, change::edit).await
}
