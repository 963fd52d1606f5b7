//! What handlers read from a request.

use std::borrow::Cow;
use std::str::FromStr;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};
use parlor_chat::error::{ChatError, Result};
use parlor_chat::now;
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::text::{Handle, PersonRef, RoomId, UserId};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use crate::app::App;

/// An HTTP request.
pub struct Request(ApiGatewayV2httpRequest);

impl From<ApiGatewayV2httpRequest> for Request {
    fn from(event: ApiGatewayV2httpRequest) -> Self {
        Self(event)
    }
}

impl Request {
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// Parses the body, a JSON object. Depending on the request's content type, API Gateway passes a body as text or in
    /// base64.
    ///
    /// # Errors
    /// `badFrame`, `frameTooLarge`, `invalidField`.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T> {
        let bad = |message: &str| ChatError::refused(ErrorCode::BadFrame, message);
        if !self.declares_json() {
            return Err(bad("send JSON in UTF-8 with the header content-type: application/json"));
        }
        let mut body = Cow::from(self.0.body.as_deref().unwrap_or_default());
        if self.0.is_base64_encoded {
            let bytes = STANDARD.decode(body.as_bytes()).ok();
            let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
            body = text.ok_or_else(|| bad("not a JSON object: not UTF-8"))?.into();
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

    /// Returns the room id in the path.
    ///
    /// # Errors
    /// `roomNotFound`.
    pub fn room_id(&self) -> Result<&str> {
        let room_id = self.0.path_parameters.get("roomId").map(String::as_str);
        let is_valid = |id: &&str| RoomId::try_from((*id).to_owned()).is_ok();
        room_id.filter(is_valid).ok_or_else(ChatError::room_not_found)
    }

    /// Returns the name of the bot in the path.
    ///
    /// # Errors
    /// `personNotFound`.
    pub fn bot_name(&self) -> Result<&str> {
        self.0.path_parameters.get("name").map(String::as_str).ok_or_else(ChatError::person_not_found)
    }

    /// Returns the webhook's id in the path, and the secret that the request has for it.
    ///
    /// # Errors
    /// `unauthorized` without a secret.
    pub fn hook(&self) -> Result<(&str, &str)> {
        let id = self.0.path_parameters.get("hookId").map(String::as_str).unwrap_or_default();
        let secret = self.token()?.ok_or_else(|| {
            let message = "send the webhook's secret as Authorization: Bearer <secret>";
            ChatError::refused(ErrorCode::Unauthorized, message)
        })?;
        Ok((id, secret))
    }

    /// Returns the person in the path: their id, or `@` and their handle.
    ///
    /// # Errors
    /// `personNotFound`.
    pub fn person_ref(&self) -> Result<PersonRef> {
        self.decoded("userId").ok_or_else(ChatError::person_not_found)
    }

    /// Returns the user id in the path.
    ///
    /// # Errors
    /// `personNotFound` for a handle.
    pub fn user_id(&self) -> Result<UserId> {
        let person = self.person_ref()?;
        let id = if person.as_str().starts_with('@') { None } else { UserId::try_from(String::from(person)).ok() };
        id.ok_or_else(ChatError::person_not_found)
    }

    /// Returns the handle in the path.
    ///
    /// # Errors
    /// `personNotFound`.
    pub fn handle(&self) -> Result<Handle> {
        self.decoded("handle").ok_or_else(nobody_has_handle)
    }

    /// Returns a person in the path. Neither ids nor handles have a percent sign, so decoding twice changes nothing.
    fn decoded<T: TryFrom<String>>(&self, parameter: &str) -> Option<T> {
        let value = self.0.path_parameters.get(parameter)?;
        let value = percent_decode_str(value).decode_utf8().ok()?;
        T::try_from(value.into_owned()).ok()
    }

    /// Returns the pass for a room with a password, if the request has one.
    ///
    /// # Errors
    /// `passRequired` if the header is not text.
    pub fn pass(&self) -> Result<Option<&str>> {
        let value = self.0.headers.get("parlor-pass").map(|value| value.to_str());
        value.transpose().map_err(|_| ChatError::refused(ErrorCode::PassRequired, "parlor-pass: not a pass"))
    }

    /// Returns the address that the request counts against.
    ///
    /// # Errors
    /// `unavailable` if it cannot be determined.
    pub async fn address(&self, app: &App) -> Result<String> {
        let source_ip = self.0.request_context.http.source_ip.as_deref();
        app.edge().address(&self.0.headers, source_ip, now()).await
    }

    /// Returns a query parameter.
    ///
    /// # Errors
    /// `invalidField` if it is repeated or contains a comma: API Gateway joins repeated values with commas.
    pub fn query(&self, name: &str) -> Result<Option<&str>> {
        match self.0.query_string_parameters.all(name).as_deref() {
            None | Some([]) => Ok(None),
            Some([value]) => Ok(Some(value)),
            Some(_) => Err(invalid(format!("{name}: must occur once and contain no comma"))),
        }
    }

    /// Parses a query parameter as `true` or `false`, by default `false`.
    ///
    /// # Errors
    /// `invalidField`.
    pub fn flag(&self, name: &str) -> Result<bool> {
        match self.query(name)? {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(invalid(format!("{name}: must be true or false"))),
        }
    }

    /// Parses a query parameter as a number: decimal digits without sign or leading zeros.
    ///
    /// # Errors
    /// `invalidField`.
    pub fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>> {
        let parse = |value: &str| {
            let is_plain = value == "0" || (!value.starts_with('0') && value.bytes().all(|byte| byte.is_ascii_digit()));
            let number = value.parse().ok().filter(|_| is_plain);
            number.ok_or_else(|| invalid(format!("{name}: must be a non-negative integer, such as 20")))
        };
        self.query(name)?.map(parse).transpose()
    }
}

pub fn nobody_has_handle() -> ChatError {
    ChatError::refused(ErrorCode::PersonNotFound, "nobody has this handle")
}

fn invalid(message: String) -> ChatError {
    ChatError::refused(ErrorCode::InvalidField, message)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use parlor_protocol::http::NewSession;

    use super::*;

    /// Parses a body as API Gateway passes it.
    fn parse(content_type: Option<&str>, body: &str, is_base64: bool) -> Result<NewSession> {
        let mut event = ApiGatewayV2httpRequest::default();
        if let Some(value) = content_type.and_then(|value| HeaderValue::from_str(value).ok()) {
            event.headers.insert(header::CONTENT_TYPE, value);
        }
        event.body = Some(body.into());
        event.is_base64_encoded = is_base64;
        Request(event).body()
    }

    #[test]
    fn a_body_must_be_json_in_utf_8_and_declare_it() {
        let (json, base64) = (r#"{"name":"Ada"}"#, STANDARD.encode(r#"{"name":"Ada"}"#));
        for json_type in [
            "application/json",
            "APPLICATION/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
            "application/json; version=1",
        ] {
            assert!(parse(Some(json_type), json, false).is_ok(), "{json_type}");
            assert!(parse(Some(json_type), &base64, true).is_ok(), "{json_type}, in base64");
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
            for refused in [parse(other, json, false), parse(other, &base64, true)] {
                let error = refused.map(|_| ()).map_err(|error| (error.code(), error.public_message()));
                let wanted = "send JSON in UTF-8 with the header content-type: application/json";
                assert_eq!(error, Err((ErrorCode::BadFrame, wanted.into())), "{other:?}");
            }
        }
    }

    #[test]
    fn the_error_says_why_a_body_is_not_json() {
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
            let error = parse(Some("application/json"), body, is_base64);
            let error = error.map(|_| ()).map_err(|error| (error.code(), error.public_message()));
            assert!(
                matches!(&error, Err((ErrorCode::BadFrame, message)) if message.contains(says)),
                "{body}: {error:?}"
            );
        }
    }

    #[test]
    fn a_handle_in_the_path_may_be_percent_encoded_and_what_is_none_belongs_to_nobody() {
        let handle = |path: &str| {
            let mut event = ApiGatewayV2httpRequest::default();
            event.path_parameters.insert("handle".into(), path.into());
            Request(event).handle().map(String::from).map_err(|error| error.code())
        };
        for path in ["@ada", "ada", "%40ada", "@%61da"] {
            assert_eq!(handle(path), Ok("ada".into()), "{path}");
        }
        assert_eq!(handle("%D0%B0da"), Ok("аda".into()));
        for path in ["", "@", "%", "%FF%FF", "%2540ada", "ada%2Fx", "ada%00"] {
            assert_eq!(handle(path), Err(ErrorCode::PersonNotFound), "{path}");
        }
    }

    /// Builds a request with query parameters as API Gateway passes them: decoded, repeated ones joined with commas.
    fn with_query(parameters: &[(&str, &str)]) -> Request {
        let parameters: serde_json::Map<_, _> =
            parameters.iter().map(|&(name, value)| (name.to_owned(), value.into())).collect();
        let event = serde_json::json!({ "queryStringParameters": parameters, "requestContext": { "http": { "method": "GET" }, "timeEpoch": 0 } });
        serde_json::from_value::<ApiGatewayV2httpRequest>(event)
            .map(Request)
            .unwrap_or_else(|error| unreachable!("{error}"))
    }

    #[test]
    fn a_number_in_the_query_is_plain_digits_and_occurs_once() {
        let limit = |value: &str| with_query(&[("limit", value)]).number::<u32>("limit").map_err(|error| error.code());
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
        assert_eq!(with_query(&[]).number::<u32>("limit").ok(), Some(None));
        assert_eq!(
            with_query(&[("cursor", "a,b")]).query("cursor").map_err(|error| error.code()),
            Err(ErrorCode::InvalidField)
        );
    }
}
