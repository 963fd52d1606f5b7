//! The HTTP API's side of the edge: requests in, calls of `parlor-chat`, JSON or problem details out.

use std::borrow::Cow;
use std::str::FromStr;
use std::time::Duration;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, StatusCode, header};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use parlor_chat::delivery::fanout::PostCounts;
use parlor_chat::error::{ChatError, Result};
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

/// How long after its start a request may go on deleting, which it does after it has told the room. The page that is under way
/// then fits into the rest of the function's 29 s; who has used up the time before the first page deletes that one.
pub const DELETING: Duration = Duration::from_secs(10);

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
        invocation.ended(answer.as_ref().map(|_| PostCounts::default()));
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
    /// The body as an object of JSON. API Gateway decides by the type that the request declares whether a body comes as text or
    /// in base64.
    ///
    /// # Errors
    /// `badFrame`, `frameTooLarge`, `invalidField`.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T> {
        let bad = |message: &str| ChatError::refused(ErrorCode::BadFrame, message);
        if !self.declares_json() {
            return Err(bad("send JSON in UTF-8, with the header content-type: application/json"));
        }
        let mut body = Cow::from(self.0.body.as_deref().unwrap_or_default());
        if self.0.is_base64_encoded {
            let bytes = STANDARD.decode(body.as_bytes()).ok();
            let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
            body = text.ok_or_else(|| bad("not JSON: it is not UTF-8"))?.into();
        }
        parse_body(&body).map_err(|(code, message)| ChatError::refused(code, message))
    }

    fn declares_json(&self) -> bool {
        let declared = self.0.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let mut parts = declared.unwrap_or_default().split(';').map(|part| part.trim().to_ascii_lowercase());
        parts.next().as_deref() == Some("application/json")
            && parts
                .filter_map(|part| part.strip_prefix("charset=").map(|name| name.trim_matches('"') == "utf-8"))
                .all(|is| is)
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
    ///
    /// # Errors
    /// `invalidField` for one that came more than once: API Gateway puts commas between its values.
    pub fn query(&self, name: &str) -> Result<Option<&str>> {
        match self.0.query_string_parameters.all(name).as_deref() {
            None | Some([]) => Ok(None),
            Some([value]) => Ok(Some(value)),
            Some(_) => Err(invalid(format!("{name}: must be there once, and without a comma"))),
        }
    }

    /// A query parameter that is a number, in decimal digits and nothing else.
    ///
    /// # Errors
    /// `invalidField`.
    pub fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>> {
        let parse = |value: &str| {
            let is_plain = value == "0" || (!value.starts_with('0') && value.bytes().all(|byte| byte.is_ascii_digit()));
            let number = value.parse().ok().filter(|_| is_plain);
            number.ok_or_else(|| invalid(format!("{name}: must be a whole number that is not negative, such as 20")))
        };
        self.query(name)?.map(parse).transpose()
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

fn invalid(message: String) -> ChatError {
    ChatError::refused(ErrorCode::InvalidField, message)
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
    use parlor_protocol::http::NewSession;

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

    /// What API Gateway makes of a request with this type and this body.
    fn posted(content_type: Option<&str>, body: &str, is_base64: bool) -> Result<NewSession> {
        let mut event = ApiGatewayV2httpRequest::default();
        if let Some(value) = content_type.and_then(|value| HeaderValue::from_str(value).ok()) {
            event.headers.insert(header::CONTENT_TYPE, value);
        }
        event.body = Some(body.into());
        event.is_base64_encoded = is_base64;
        Request(event).body()
    }

    #[test]
    fn a_body_is_json_in_utf_8_and_says_so() {
        let (json, base64) = (r#"{"name":"Ada"}"#, STANDARD.encode(r#"{"name":"Ada"}"#));
        for json_type in [
            "application/json",
            "APPLICATION/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
            "application/json; version=1",
        ] {
            assert!(posted(Some(json_type), json, false).is_ok(), "{json_type}");
            assert!(posted(Some(json_type), &base64, true).is_ok(), "{json_type}, in base64");
        }
        for other in [
            None,
            Some(""),
            Some("application/vnd.api+json"),
            Some("application/x-www-form-urlencoded"),
            Some("text/plain"),
            Some("multipart/form-data; boundary=application/json"),
            Some("application/json, application/json"),
            Some("application/jsonp"),
            Some("application/json; charset=iso-8859-1"),
            Some("json"),
            Some("\u{e9}"),
        ] {
            for refused in [posted(other, json, false), posted(other, &base64, true)] {
                let error = refused.map(|_| ()).map_err(|error| (error.code(), error.public_message()));
                let wanted = "send JSON in UTF-8, with the header content-type: application/json";
                assert_eq!(error, Err((ErrorCode::BadFrame, wanted.into())), "{other:?}");
            }
        }
    }

    #[test]
    fn a_body_that_is_no_json_is_told_what_it_is_not() {
        let broken = STANDARD.encode(b"{\"name\":\"\xff\"}");
        let gzip = STANDARD.encode([0x1f, 0x8b, 0x08, 0x00]);
        for (body, is_base64, says) in [
            ("", false, "not a JSON object"),
            ("name=Ada", false, "not a JSON object"),
            ("[]", false, "not a JSON object"),
            ("null", false, "not a JSON object"),
            ("\u{FEFF}{\"name\":\"Ada\"}", false, "byte order mark"),
            ("not base64!", true, "not UTF-8"),
            (&broken, true, "not UTF-8"),
            (&gzip, true, "not UTF-8"),
            ("", true, "not a JSON object"),
        ] {
            let error = posted(Some("application/json"), body, is_base64);
            let error = error.map(|_| ()).map_err(|error| (error.code(), error.public_message()));
            assert!(
                matches!(&error, Err((ErrorCode::BadFrame, message)) if message.contains(says)),
                "{body}: {error:?}"
            );
        }
    }

    /// The parameters as API Gateway hands them over: decoded, and repeated ones with commas between.
    fn asked(parameters: &[(&str, &str)]) -> Request {
        let parameters: serde_json::Map<_, _> =
            parameters.iter().map(|&(name, value)| (name.to_owned(), value.into())).collect();
        let event = serde_json::json!({ "queryStringParameters": parameters, "requestContext": { "http": { "method": "GET" }, "timeEpoch": 0 } });
        serde_json::from_value::<ApiGatewayV2httpRequest>(event)
            .map(Request)
            .unwrap_or_else(|error| unreachable!("{error}"))
    }

    #[test]
    fn a_number_in_a_query_is_plain_and_there_once() {
        let limit = |value: &str| asked(&[("limit", value)]).number::<u32>("limit").map_err(|error| error.code());
        for (value, number) in [("0", 0), ("1", 1), ("50", 50), ("4294967295", u32::MAX)] {
            assert_eq!(limit(value), Ok(Some(number)));
        }
        for wrong in [
            "",
            " ",
            "+5",
            " 5",
            "5 ",
            "-1",
            "-0",
            "05",
            "00",
            "1,50",
            "5,5",
            ",",
            "5,",
            "1.0",
            "1e1",
            "0x5",
            "５",
            "4294967296",
            "99999999999999999999999999",
            "null",
            "\u{0}5",
        ] {
            assert_eq!(limit(wrong), Err(ErrorCode::InvalidField), "{wrong:?}");
        }
        assert_eq!(asked(&[]).number::<u32>("limit").ok(), Some(None));
        assert_eq!(
            asked(&[("cursor", "a,b")]).query("cursor").map_err(|error| error.code()),
            Err(ErrorCode::InvalidField)
        );
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
