//! `leave`: going out of a room.

use lambda_runtime::Error;
use parlor_chat::rooms::leave;

use crate::app::App;
use crate::frames;

pub async fn run(app: App) -> Result<(), Error> {
    frames::serve(app, leave::leave).await
}
