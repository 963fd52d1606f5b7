//! JSON Schema: one document that validates any frame, and the definitions for the other two.

use parlor_protocol::client::ClientFrame;
use parlor_protocol::held::HeldList;
use parlor_protocol::http::{
    Clearing, Erasing, Export, GuestLink, HandleClaim, Hook, HookMessage, HookReceipt, Me, NewHook, NewPass, NewRoom,
    NewSession, Problem, RoomInfo, RoomList, RoomPass, RoomUpdate, Session, ToldHook,
};
use parlor_protocol::log::LogPage;
use parlor_protocol::moderation::{Moderation, ModerationState};
use parlor_protocol::person::Profile;
use parlor_protocol::reports::{NewReport, ReportList};
use parlor_protocol::server::ServerFrame;
use schemars::Schema;
use serde_json::{Value, json};

/// Generates the definitions of the given types and of every type they refer to. References point to `path`.
macro_rules! schemas {
    ($path:literal, $($name:ty),* $(,)?) => {{
        let mut settings = schemars::generate::SchemaSettings::draft2020_12()
            .with_transform(schemars::transform::RecursiveTransform($crate::schema::known_formats))
            // AsyncAPI ignores siblings of a reference.
            .with_transform(schemars::transform::RemoveRefSiblings::default());
        settings.definitions_path = $path.into();
        let mut generator = settings.into_generator();
        $(generator.subschema_for::<$name>();)*
        serde_json::json!(generator.take_definitions(true))
    }};
}
pub(crate) use schemas;

/// Converts number formats to those that OpenAPI defines. Others make some tools fail and mislead others.
pub fn known_formats(schema: &mut Schema) {
    let known = match schema.get("format").and_then(Value::as_str) {
        Some("uint64") => "int64",
        Some("uint" | "uint32" | "uint16") => "int32",
        _ => return,
    };
    schema.insert("format".into(), known.into());
}

pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:parlor:protocol",
        "title": "Parlor",
        "description": "Validates any frame, from a client or from Parlor. The definitions include the bodies of the HTTP API.",
        "anyOf": [{ "$ref": "#/$defs/ClientFrame" }, { "$ref": "#/$defs/ServerFrame" }],
        "$defs": schemas!(
            "/$defs", ClientFrame, ServerFrame, NewSession, Session, NewRoom, RoomUpdate, RoomInfo, RoomList, NewHook, Hook, ToldHook, HookMessage, HookReceipt, NewPass, RoomPass,
            LogPage, Clearing, Erasing, Export, GuestLink, HandleClaim, Me, Profile, Problem, Moderation, ModerationState,
            NewReport, ReportList,
            HeldList,
        ),
    })
}
