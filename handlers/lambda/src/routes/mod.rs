//! One route, one file. `cdk/routes/` has a row for each: what triggers it, and what its role may do.

pub mod authorize;
mod clear_room;
mod close_room;
mod connect;
mod create_room;
mod create_session;
mod default;
mod delete;
mod disconnect;
mod edit;
mod get_me;
mod get_room;
mod history;
mod join;
mod leave;
mod list_messages;
mod list_rooms;
mod ping;
mod react;
mod send;
mod typing;
mod update_room;

use lambda_runtime::Error;
use parlor_chat::aws::env;

use crate::app::App;

/// Serves the route that `ROUTE` names, until Lambda ends the process.
#[tokio::main(flavor = "current_thread")]
pub async fn run() -> Result<(), Error> {
    let app = App::new(env);
    match app.route.clone().as_str() {
        "authorize" => authorize::run(app).await,
        "clear-room" => clear_room::run(app).await,
        "close-room" => close_room::run(app).await,
        "connect" => connect::run(app).await,
        "create-room" => create_room::run(app).await,
        "create-session" => create_session::run(app).await,
        "default" => default::run(app).await,
        "delete" => delete::run(app).await,
        "disconnect" => disconnect::run(app).await,
        "edit" => edit::run(app).await,
        "get-me" => get_me::run(app).await,
        "get-room" => get_room::run(app).await,
        "history" => history::run(app).await,
        "join" => join::run(app).await,
        "leave" => leave::run(app).await,
        "list-messages" => list_messages::run(app).await,
        "list-rooms" => list_rooms::run(app).await,
        "ping" => ping::run(app).await,
        "react" => react::run(app).await,
        "send" => send::run(app).await,
        "typing" => typing::run(app).await,
        "update-room" => update_room::run(app).await,
        other => Err(format!("ROUTE={other}: there is no such route").into()),
    }
}

#[cfg(test)]
mod tests {
    use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
    use parlor_protocol::error::ErrorCode;

    use super::*;
    use crate::requests::Request;

    #[tokio::test]
    async fn a_body_that_is_refused_was_counted_before() {
        let mut request = ApiGatewayV2httpRequest::default();
        request.body = Some("{".into());
        request.request_context.http.source_ip = Some("192.0.2.1".into());
        let request = Request::from(request);
        // It has no rates, so that counting says so.
        let app = App::new(|_| None);
        for refused in [create_room::create(&app, &request).await, create_session::create(&app, &request).await] {
            let error = refused.map(|answer| answer.status_code).map_err(|error| error.to_string());
            assert_eq!(error, Err("failed to limit a rate: no rates".into()));
        }
        assert_eq!(request.body::<()>().map_err(|error| error.code()), Err(ErrorCode::BadFrame));
    }
}
