//! `$default`: whatever is not a frame with a known action is told so.

use lambda_runtime::Error;

use crate::app::App;
use crate::frames;

pub async fn run(app: App) -> Result<(), Error> {
    frames::serve_unknown(app).await
}
