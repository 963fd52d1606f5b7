//! `join`: coming into a room.

use lambda_runtime::Error;
use parlor_chat::rooms::join;

use crate::app::App;
use crate::frames;

pub async fn run(app: App) -> Result<(), Error> {
    frames::serve(app, join::join).await
}
