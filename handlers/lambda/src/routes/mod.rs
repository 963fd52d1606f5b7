//! The table of handlers: one line per route. A route has its own file only if it needs more than a line.
//!
//! `cdk/routes/` has a row for each line: what triggers the route and what its role may do.

mod answer;
pub mod authorize;
mod bots;
mod claim_handle;
mod clear_room;
mod close_room;
mod connect;
mod conversations;
mod create_pass;
mod create_room;
mod create_session;
mod disconnect;
mod get_me;
mod get_person;
mod get_room;
mod held;
mod hooks;
mod link_guest;
mod list_messages;
mod list_rooms;
mod moderation;
mod my_data;
mod release_handle;
mod reports;
mod sweep;
mod tell_hook;
mod update_room;

use lambda_runtime::Error;
use parlor_chat::Chat;
use parlor_chat::aws::env;

use crate::app::App;
use crate::{frames, requests};

/// Serves the route named in `ROUTE` until Lambda ends the process.
///
/// # Errors
/// If there is no such route, or if Lambda's Runtime API fails.
#[tokio::main(flavor = "current_thread")]
pub async fn run() -> Result<(), Error> {
    let app = App::new(env);
    match app.route.clone().as_str() {
        // Connections
        "authorize" => authorize::run(app).await,
        "connect" => frames::serve_event(app, "CONNECT", connect::handle).await,
        "disconnect" => frames::serve_event(app, "DISCONNECT", disconnect::handle).await,
        "default" => frames::serve_unknown(app).await,
        // Presence
        "join" => frames::serve(app, Chat::join).await,
        "leave" => frames::serve(app, Chat::leave).await,
        "typing" => frames::serve(app, Chat::typing).await,
        "ping" => frames::serve(app, Chat::ping).await,
        // Log
        "send" => frames::serve(app, Chat::send).await,
        "edit" => frames::serve(app, Chat::edit).await,
        "delete" => frames::serve(app, Chat::delete).await,
        "react" => frames::serve(app, Chat::react).await,
        "history" => frames::serve(app, Chat::history).await,
        "list-messages" => requests::serve(app, list_messages::handle).await,
        "clear-room" => requests::serve(app, clear_room::handle).await,
        // Rooms
        "create-room" => requests::serve(app, create_room::handle).await,
        "list-rooms" => requests::serve(app, list_rooms::handle).await,
        "get-room" => requests::serve(app, get_room::handle).await,
        "update-room" => requests::serve(app, update_room::handle).await,
        "close-room" => requests::serve(app, close_room::handle).await,
        "create-pass" => requests::serve(app, create_pass::handle).await,
        "moderate" => requests::serve(app, moderation::act).await,
        "get-moderation" => requests::serve(app, moderation::get).await,
        "report" => requests::serve(app, reports::report).await,
        "list-reports" => requests::serve(app, reports::list).await,
        "list-held" => requests::serve(app, held::list).await,
        "sweep" => sweep::run(app).await,
        // Bots
        "allow-bot" => requests::serve(app, bots::allow).await,
        "remove-bot" => requests::serve(app, bots::remove).await,
        "create-hook" => requests::serve(app, hooks::create).await,
        "post-hook" => requests::serve_programs(app, hooks::post).await,
        "tell-hook" => tell_hook::run(app).await,
        "answer" => answer::run(app).await,
        // Each bot of the kinds `lex` and `bedrock` has a function of its own.
        of_one if of_one.starts_with("answer-") => answer::run_one(app).await,
        // Conversations
        "create-conversation" => requests::serve(app, conversations::create).await,
        "list-conversations" => requests::serve(app, conversations::list).await,
        "get-conversation" => requests::serve(app, conversations::get).await,
        "update-conversation" => requests::serve(app, conversations::update).await,
        "list-conversation-messages" => requests::serve(app, conversations::messages).await,
        "add-members" => requests::serve(app, conversations::add_members).await,
        "remove-member" => requests::serve(app, conversations::remove_member).await,
        "list-blocks" => requests::serve(app, conversations::blocks).await,
        "block" => requests::serve(app, conversations::block).await,
        "unblock" => requests::serve(app, conversations::unblock).await,
        "read" => frames::serve(app, Chat::read).await,
        // People
        "create-session" => requests::serve(app, create_session::handle).await,
        "link-guest" => requests::serve(app, link_guest::handle).await,
        "register" => frames::serve(app, Chat::register).await,
        "claim-handle" => requests::serve(app, claim_handle::handle).await,
        "release-handle" => requests::serve(app, release_handle::handle).await,
        "get-person" => requests::serve(app, get_person::handle).await,
        "export-me" => requests::serve(app, my_data::export).await,
        "erase-me" => requests::serve(app, my_data::erase).await,
        "get-me" => requests::serve(app, get_me::handle).await,
        other => Err(format!("ROUTE={other}: no such route").into()),
    }
}

#[cfg(test)]
mod tests {
    use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
    use parlor_protocol::error::ErrorCode;

    use super::*;
    use crate::requests::Request;

    #[tokio::test]
    async fn requests_count_against_the_rates_before_their_body_is_parsed() {
        let mut request = ApiGatewayV2httpRequest::default();
        request.body = Some("{".into());
        request.request_context.http.source_ip = Some("192.0.2.1".into());
        let request = Request::from(request);
        // Without rates, counting fails. That failure shows that it comes first.
        let app = App::new(|_| None);
        for refused in [
            create_room::handle(&app, &request).await,
            create_session::handle(&app, &request).await,
            get_person::handle(&app, &request).await,
        ] {
            let error = refused.map(|response| response.status_code).map_err(|error| error.to_string());
            assert_eq!(error, Err("failed to limit a rate: no rates".into()));
        }
        assert_eq!(request.body::<()>().map_err(|error| error.code()), Err(ErrorCode::BadFrame));
    }
}
