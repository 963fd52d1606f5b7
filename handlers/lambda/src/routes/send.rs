//! `send`: saying something.

use lambda_runtime::Error;
use parlor_chat::log::send;

use crate::app::App;
use crate::frames;

pub async fn run(app: App) -> Result<(), Error> {
    frames::serve(app, send::send).await
}
