//! Responses: JSON, or problem details (RFC 9457).

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use http::{HeaderName, HeaderValue, StatusCode, header};
use parlor_chat::error::ChatError;
use parlor_protocol::http::Problem;
use serde::Serialize;

pub type Response = ApiGatewayV2httpResponse;

/// Returns a response with a JSON body.
pub fn json(status: StatusCode, body: &impl Serialize) -> Response {
    respond(status, "application/json", Some(body))
}

/// Returns a response without a body.
pub fn empty(status: StatusCode) -> Response {
    respond(status, "application/json", None::<&()>)
}

/// Returns the problem details for an error, with `Retry-After` and `WWW-Authenticate` if they apply.
pub fn problem(error: &ChatError) -> Response {
    let code = error.code();
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let problem = Problem {
        kind: "about:blank".into(),
        title: status.canonical_reason().unwrap_or_default().into(),
        status: status.as_u16(),
        detail: error.public_message(),
        code,
        retry_after_ms: error.retry_after(),
        restriction: error.restriction(),
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
    // No cache may store messages.
    response.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(body) = body {
        response.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        response.body = Some(serde_json::to_string(body).unwrap_or_default().into());
    }
    response
}

/// Adds a header. Drops values that are not valid in a header.
pub fn with_header(mut response: Response, name: HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers.insert(name, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_limited_request_gets_the_wait_in_the_body_and_in_whole_seconds_in_the_header() {
        let response = problem(&ChatError::RateLimited { retry_after: 1_200 });
        assert_eq!(response.status_code, 429);
        assert_eq!(response.headers.get(header::RETRY_AFTER), Some(&HeaderValue::from(2)));
        let Some(aws_lambda_events::encodings::Body::Text(body)) = response.body else { unreachable!() };
        assert!(body.contains(r#""code":"rateLimited","retryAfterMs":1200"#), "{body}");
    }
}
