//! `POST /api/sessions`: become a guest who stays the same person over reconnects.

use http::StatusCode;
use lambda_runtime::Error;
use parlor_chat::now;
use parlor_protocol::http::NewSession;

use crate::app::App;
use crate::requests;

pub async fn run(app: App) -> Result<(), Error> {
    requests::serve(app, async |app, request| {
        let NewSession { name } = request.body()?;
        app.chat.limiter.guest(&request.address(app).await?, now()).await?;
        let session = app.identity().start_session(name.into(), now()).await?;
        Ok(requests::json(StatusCode::CREATED, &session))
    })
    .await
}
