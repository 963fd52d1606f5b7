//! Frames and HTTP bodies: whatever is accepted survives a round trip through JSON.

use std::fmt::Debug;

use parlor_protocol::client::{
    Delete, Edit, Frame, History, Join, Leave, Ping, React, Register, Send, Typing, parse, parse_body,
    unknown_action_error,
};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::{HandleClaim, HookMessage, NewHook, NewRoom, NewSession, RoomUpdate};
use parlor_protocol::limits::FRAME_BYTES;
use parlor_protocol::moderation::Moderation;
use parlor_protocol::reports::NewReport;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub fn read(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    frame::<Join>(&text);
    frame::<Leave>(&text);
    frame::<Send>(&text);
    frame::<Edit>(&text);
    frame::<Delete>(&text);
    frame::<React>(&text);
    frame::<History>(&text);
    frame::<Typing>(&text);
    frame::<Ping>(&text);
    frame::<Register>(&text);
    body::<NewSession>(&text);
    body::<NewRoom>(&text);
    body::<RoomUpdate>(&text);
    body::<HandleClaim>(&text);
    body::<NewHook>(&text);
    body::<HookMessage>(&text);
    body::<Moderation>(&text);
    body::<NewReport>(&text);

    let error = unknown_action_error(&text);
    match error.code {
        ErrorCode::UnknownAction => assert!(text.len() <= FRAME_BYTES),
        ErrorCode::BadFrame => assert_eq!(error.id, None),
        ErrorCode::FrameTooLarge => assert!(text.len() > FRAME_BYTES),
        code => panic!("{code:?}"),
    }
}

fn frame<F: Frame + Serialize + PartialEq + Debug>(text: &str) {
    match parse::<F>(text) {
        Ok((frame, id)) => {
            let mut json = serde_json::to_value(&frame).unwrap();
            assert_eq!(json["id"].as_str(), id.as_ref().map(|id| id.as_str()));
            json["action"] = F::ACTION.into();
            parse_again(&json, |text| assert_eq!(parse::<F>(text), Ok((frame, id))));
        }
        Err(error) => assert!(!error.message.is_empty()),
    }
}

fn body<T: DeserializeOwned + Serialize + PartialEq + Debug>(text: &str) {
    if let Ok(body) = parse_body::<T>(text) {
        let json = serde_json::to_value(&body).unwrap();
        parse_again(&json, |text| assert_eq!(parse_body::<T>(text), Ok(body)));
    }
}

/// Calls `check` with the JSON, unless it is too large for a frame: NFC makes some names longer.
fn parse_again(json: &Value, check: impl FnOnce(&str)) {
    let text = json.to_string();
    if text.len() <= FRAME_BYTES {
        check(&text);
    }
}
