//! `typing`: telling the others that one is typing.

use lambda_runtime::Error;
use parlor_chat::rooms::typing;

use crate::app::App;
use crate::frames;

pub async fn run(app: App) -> Result<(), Error> {
    frames::serve(app, typing::typing).await
}
