//! The HTTP API's side of the edge: requests in, calls of `parlor-chat`, JSON or problem details out.

use std::str::FromStr;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use http::{HeaderName, HeaderValue, StatusCode, header};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use parlor_chat::error::{ChatError, Result};
use parlor_chat::fanout::Tally;
use parlor_chat::now;
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Problem;
use parlor_protocol::person::Person;
use parlor_protocol::text::RoomId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::telemetry::Invocation;

/// An answer: a status, headers and a body.
pub type Response = ApiGatewayV2httpResponse;

/// A request, with what Parlor reads of it.
pub struct Request(ApiGatewayV2httpRequest);

/// Serves one route of the HTTP API.
pub async fn serve(
    app: App,
    handle: impl AsyncFn(&App, &Request) -> Result<Response>,
) -> std::result::Result<(), Error> {
    let (app, handle) = (&app, &handle);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<ApiGatewayV2httpRequest>| {
        let invocation = Invocation::start(&app.route);
        let answer = answer(app, &event.payload.into(), handle).await;
        invocation.ended(answer.as_ref().map(|_| Tally::default()));
        Ok::<_, Error>(answer.unwrap_or_else(|error| problem(&error)))
    }))
    .await
}

async fn answer(
    app: &App,
    request: &Request,
    handle: &impl AsyncFn(&App, &Request) -> Result<Response>,
) -> Result<Response> {
    app.edge().check(&request.0.headers, now()).await?;
    handle(app, request).await
}

impl From<ApiGatewayV2httpRequest> for Request {
    fn from(event: ApiGatewayV2httpRequest) -> Self {
        Self(event)
    }
}

impl Request {
    /// # Errors
    /// `badFrame`, `frameTooLarge`, `invalidField`.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T> {
        if self.0.is_base64_encoded {
            return Err(ChatError::refused(ErrorCode::BadFrame, "send JSON with content-type: application/json"));
        }
        let body = self.0.body.as_deref().unwrap_or_default();
        parse_body(body).map_err(|(code, message)| ChatError::refused(code, message))
    }

    /// The room that the path names.
    ///
    /// # Errors
    /// `roomNotFound`.
    pub fn room_id(&self) -> Result<&str> {
        let room_id = self.0.path_parameters.get("roomId").map(String::as_str);
        let can_be_one = |id: &&str| RoomId::try_from((*id).to_owned()).is_ok();
        room_id.filter(can_be_one).ok_or_else(|| ChatError::refused(ErrorCode::RoomNotFound, "no such room"))
    }

    /// The address that the request counts for.
    ///
    /// # Errors
    /// `unavailable` when it cannot be told.
    pub async fn address(&self, app: &App) -> Result<String> {
        let caller = self.0.request_context.http.source_ip.as_deref();
        app.edge().address(&self.0.headers, caller, now()).await
    }

    /// A query parameter as it came.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.0.query_string_parameters.first(name)
    }

    /// A query parameter that is a number.
    ///
    /// # Errors
    /// `invalidField`.
    pub fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>> {
        let parse = |value: &str| {
            value.parse().map_err(|_| {
                ChatError::refused(
                    ErrorCode::InvalidField,
                    format!("{name}: must be a whole number that is not negative"),
                )
            })
        };
        self.query(name).map(parse).transpose()
    }

    /// The token that came with the request, if one did.
    ///
    /// # Errors
    /// `unauthorized` for another kind of credentials.
    pub fn token(&self) -> Result<Option<&str>> {
        let Some(value) = self.0.headers.get(header::AUTHORIZATION) else { return Ok(None) };
        let token = value
            .to_str()
            .ok()
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        match token {
            Some((_, token)) => Ok(Some(token.trim())),
            None => Err(ChatError::refused(ErrorCode::Unauthorized, "send Authorization: Bearer and a token")),
        }
    }

    /// Whom the request's token proves; nobody where it has none.
    ///
    /// # Errors
    /// `unauthorized`.
    pub async fn person(&self, app: &App) -> Result<Option<Person>> {
        match self.token()? {
            Some(token) => app.identity().person(token, now()).await.map(Some),
            None => Ok(None),
        }
    }

    /// Who claims to be the room's owner: whoever has a token. Whether they are, the store knows. Counts for them.
    ///
    /// # Errors
    /// `unauthorized`, `rateLimited`.
    pub async fn owner(&self, app: &App) -> Result<Person> {
        let nobody = || ChatError::refused(ErrorCode::Unauthorized, "that needs the token of the room's owner");
        let person = self.person(app).await?.ok_or_else(nobody)?;
        app.chat.limiter.owner(&person.user_id, now()).await?;
        Ok(person)
    }
}

/// An answer with a JSON body.
pub fn json(status: StatusCode, body: &impl Serialize) -> Response {
    respond(status, "application/json", Some(body))
}

/// An answer without a body.
pub fn empty(status: StatusCode) -> Response {
    respond(status, "application/json", None::<&()>)
}

fn problem(error: &ChatError) -> Response {
    let code = error.code();
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let problem = Problem {
        kind: "about:blank".into(),
        title: status.canonical_reason().unwrap_or_default().into(),
        status: status.as_u16(),
        detail: error.public_message(),
        code,
        retry_after_ms: error.retry_after(),
    };
    let mut response = respond(status, "application/problem+json", Some(&problem));
    if let Some(wait) = error.retry_after() {
        response.headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.div_ceil(1000)));
    }
    if status == StatusCode::UNAUTHORIZED {
        response.headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn respond(status: StatusCode, content_type: &'static str, body: Option<&impl Serialize>) -> Response {
    let mut response = Response::default();
    response.status_code = i64::from(status.as_u16());
    // What people said is for whoever asked, not for a cache in between.
    response.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(body) = body {
        response.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        response.body = Some(serde_json::to_string(body).unwrap_or_default().into());
    }
    response
}

/// Adds a header, where its value can be one.
pub fn with_header(mut response: Response, name: HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers.insert(name, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::tests::deployed;

    #[test]
    fn who_did_too_much_is_told_how_long_to_wait_in_the_body_and_in_whole_seconds_in_the_header() {
        let response = problem(&ChatError::RateLimited { retry_after: 1_200 });
        assert_eq!(response.status_code, 429);
        assert_eq!(response.headers.get(header::RETRY_AFTER), Some(&HeaderValue::from(2)));
        let Some(aws_lambda_events::encodings::Body::Text(body)) = response.body else { unreachable!() };
        assert!(body.contains(r#""code":"rateLimited","retryAfterMs":1200"#), "{body}");
    }

    #[tokio::test]
    async fn behind_a_firewall_no_route_is_reached_but_through_cloudfront() {
        let reached = async |app: &App| {
            let request = Request(ApiGatewayV2httpRequest::default());
            answer(app, &request, &async |_, _| Ok(empty(StatusCode::NO_CONTENT))).await.map_err(|error| error.code())
        };
        assert!(reached(&deployed("plain", "get-room")).await.is_ok());
        assert_eq!(reached(&deployed("full", "get-room")).await.err(), Some(ErrorCode::Forbidden));
        assert_eq!(reached(&App::new(|_| None)).await.err(), Some(ErrorCode::Forbidden), "nor one that is not told");
    }
}
