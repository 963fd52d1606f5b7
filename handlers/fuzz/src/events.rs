//! Events from API Gateway, whatever a client put into them: only API Gateway's context says who sent them.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use http::header::{ORIGIN, SEC_WEBSOCKET_PROTOCOL};
use parlor_chat::log::history::{PageRange, page_length};
use parlor_lambda::frames::{self, Event};
use parlor_lambda::origins::Origins;
use parlor_lambda::requests::Request;
use parlor_lambda::routes::authorize;
use parlor_protocol::client::unknown_action_error;
use parlor_protocol::http::{NewRoom, NewSession, RoomUpdate};
use parlor_protocol::text::RoomId;
use serde_json::Value;

const ORIGINS: [&str; 2] = ["https://chat.example.org", "http://localhost:4566"];

pub fn read(data: &[u8]) {
    if let Ok(event) = serde_json::from_slice(data) {
        frame(&event, data);
    }
    if let Ok(event) = serde_json::from_slice::<ApiGatewayV2httpRequest>(data) {
        request(&event.into());
    }
    if let Ok(event) = serde_json::from_slice(data) {
        connection(&event);
    }
}

fn frame(event: &Event, data: &[u8]) {
    // An event may contain invalid text in fields that nothing reads.
    if let (Ok(caller), Ok(json)) = (frames::caller(event), serde_json::from_slice::<Value>(data)) {
        let text = |pointer| json.pointer(pointer).and_then(Value::as_str);
        assert_eq!(text("/requestContext/connectionId"), Some(&*caller.connection_id));
        assert_eq!(text("/requestContext/authorizer/userId"), Some(&*caller.user_id));
        assert_eq!(text("/requestContext/authorizer/name"), Some(&*caller.name));
    }
    if let Ok(body) = frames::body(event) {
        unknown_action_error(body);
    }
}

fn request(request: &Request) {
    if let Ok(room_id) = request.room_id() {
        assert!((1..=RoomId::MAX).contains(&room_id.chars().count()));
    }
    let positions = (request.number("before"), request.number("after"));
    if let (Ok(before), Ok(after)) = positions {
        let _ = PageRange::new(before, after);
    }
    if let Ok(Ok(length)) = request.number("limit").map(page_length) {
        assert!((1..=100).contains(&length));
    }
    if let Ok(Some(cursor)) = request.query("cursor") {
        assert!(!cursor.contains(','));
    }
    let _ = request.body::<NewRoom>();
    let _ = request.body::<NewSession>();
    let _ = request.body::<RoomUpdate>();
    let _ = request.handle();
    if let Ok(Some(token)) = request.token() {
        assert_eq!(token, token.trim());
    }
}

fn connection(request: &authorize::Request) {
    if Origins::new(ORIGINS.join(" ")).check(&request.headers).is_ok() {
        let origins = request.headers.get_all(ORIGIN);
        assert!(origins.iter().all(|origin| ORIGINS.iter().any(|allowed| origin == allowed)));
    }
    if let Ok(Some(token)) = authorize::token(request)
        && request.query_string_parameters.first("token") != Some(&token)
    {
        let offered = request.headers[SEC_WEBSOCKET_PROTOCOL].to_str().unwrap();
        assert!(offered.contains(&format!("token.{token}")) && !token.contains(','));
    }
}
