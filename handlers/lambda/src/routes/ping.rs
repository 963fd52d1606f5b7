//! `ping`: staying in one's rooms.

use lambda_runtime::Error;
use parlor_chat::rooms::ping;

use crate::app::App;
use crate::frames;

pub async fn run(app: App) -> Result<(), Error> {
    frames::serve(app, ping::ping).await
}
