//! `GET /api/me`: whom a token proves.

use http::StatusCode;
use lambda_runtime::Error;
use parlor_chat::error::ChatError;
use parlor_protocol::error::ErrorCode;

use crate::app::App;
use crate::requests;

pub async fn run(app: App) -> Result<(), Error> {
    requests::serve(app, async |app, request| {
        let nobody = || ChatError::refused(ErrorCode::Unauthorized, "that needs a token");
        let person = request.person(app).await?.ok_or_else(nobody)?;
        Ok(requests::json(StatusCode::OK, &person))
    })
    .await
}
