//! HTTP: turns requests into calls of `parlor-chat`, and results into JSON or problem details.

mod identity;
mod request;
mod response;

use std::time::Duration;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use parlor_chat::delivery::PostCounts;
use parlor_chat::error::Result;
use parlor_chat::now;

pub use self::request::{Request, nobody_has_handle};
pub use self::response::{Response, empty, json, with_header};
use crate::app::App;
use crate::telemetry::Invocation;

/// How long after its start a request with much to do may start another step, such as deleting a log page. The step in
/// progress then fits into the rest of the function's 29 s. A request that used up this time before the first step still
/// takes that one.
pub const WORKING: Duration = Duration::from_secs(10);

/// Serves one route of the HTTP API, in a stage without guests only to people with an account.
pub async fn serve(
    app: App,
    handle: impl AsyncFn(&App, &Request) -> Result<Response>,
) -> std::result::Result<(), Error> {
    serve_programs(app, async |app: &App, request: &Request| respond_to_people(app, request, &handle).await).await
}

/// Serves one route of the HTTP API to programs, which prove otherwise that they may use it.
pub async fn serve_programs(
    app: App,
    handle: impl AsyncFn(&App, &Request) -> Result<Response>,
) -> std::result::Result<(), Error> {
    let (app, handle) = (&app, &handle);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<ApiGatewayV2httpRequest>| {
        let invocation = Invocation::start(app);
        let response = respond(app, &event.payload.into(), handle).await;
        invocation.ended(response.as_ref().map(|_| PostCounts::default()));
        Ok::<_, Error>(response.unwrap_or_else(|error| response::problem(&error)))
    }))
    .await
}

/// Refuses requests that bypass CloudFront where the stage requires it, then calls `handle`.
async fn respond(
    app: &App,
    request: &Request,
    handle: &impl AsyncFn(&App, &Request) -> Result<Response>,
) -> Result<Response> {
    app.edge().check(request.headers(), now()).await?;
    handle(app, request).await
}

/// Refuses guests where the stage has none, then calls `handle`.
async fn respond_to_people(
    app: &App,
    request: &Request,
    handle: &impl AsyncFn(&App, &Request) -> Result<Response>,
) -> Result<Response> {
    if !app.admits_guests {
        match request.token()? {
            Some(_) => drop(request.holder(app).await?),
            None => app.identity().admit_guest()?,
        }
    }
    handle(app, request).await
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use parlor_protocol::error::ErrorCode;

    use super::*;
    use crate::app::tests::deployed;

    #[tokio::test]
    async fn a_stage_without_guests_refuses_requests_without_a_token_and_with_a_guest_token() {
        let code = async |stage: &str, route: &str, headers: &[(&'static str, &'static str)]| {
            let mut request = ApiGatewayV2httpRequest::default();
            for (name, value) in headers {
                request.headers.insert(*name, http::HeaderValue::from_static(value));
            }
            let app = deployed(stage, route);
            let answer =
                respond_to_people(&app, &request.into(), &async |_, _| Ok(empty(StatusCode::NO_CONTENT))).await;
            answer.err().map(|error| (error.code(), error.to_string()))
        };
        let refused = Some((ErrorCode::Unauthorized, "sign in: this stage admits no guests".into()));
        for route in ["get-room", "list-messages", "create-room", "create-session", "get-me"] {
            assert_eq!(code("plain", route, &[]).await, None, "{route}");
            assert_eq!(code("members", route, &[]).await, refused, "{route}");
            assert_eq!(code("members", route, &[("authorization", "Bearer a.b.c")]).await, refused, "{route}");
        }
    }

    #[tokio::test]
    async fn a_stage_with_a_firewall_refuses_requests_that_bypass_cloudfront() {
        let code = async |app: &App| {
            let request = Request::from(ApiGatewayV2httpRequest::default());
            respond(app, &request, &async |_, _| Ok(empty(StatusCode::NO_CONTENT))).await.map_err(|error| error.code())
        };
        assert!(code(&deployed("plain", "get-room")).await.is_ok());
        assert_eq!(code(&deployed("full", "get-room")).await.err(), Some(ErrorCode::Forbidden));
        assert_eq!(
            code(&App::new(|_| None)).await.err(),
            Some(ErrorCode::Forbidden),
            "so does a function without the setting"
        );
    }
}
