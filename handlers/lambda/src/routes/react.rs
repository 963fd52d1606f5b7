//! `react`: putting an emoji to a message, or taking it away.

use lambda_runtime::Error;
use parlor_chat::log::change;

use crate::app::App;
use crate::frames;

pub async fn run(app: App) -> Result<(), Error> {
    frames::serve(app, change::react).await
}
