//! Writes the descriptions of the protocol that are not Rust: JSON Schema, OpenAPI and AsyncAPI into `docs/protocol`,
//! the client's TypeScript types into `client/src/protocol.ts`. Called by `npm run generate`.

#![allow(clippy::expect_used, reason = "a tool for developers: it may stop with what went wrong")]

use std::path::Path;

use parlor_protocol::client::{self, ClientFrame};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::{NewRoom, NewSession, Problem, Room, RoomList, RoomUpdate, Session, Visibility};
use parlor_protocol::log::{self, LogEvent, LogPage};
use parlor_protocol::person::Person;
use parlor_protocol::server::{self, ServerFrame};
use parlor_protocol::{limits, text};
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};
use ts_rs::TS;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let pretty = |value: Value| serde_json::to_string_pretty(&value).expect("JSON can be written") + "\n";
    let files = [
        ("docs/protocol/schema.json", pretty(schema())),
        ("docs/protocol/openapi.json", pretty(openapi())),
        ("docs/protocol/asyncapi.json", pretty(asyncapi())),
        ("client/src/protocol.ts", typescript()),
    ];
    for (name, text) in files {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().expect("each file has a folder")).expect("the folder can be made");
        std::fs::write(path, text).expect("the file can be written");
    }
}

/// Declares the types listed, with their docs.
macro_rules! declare {
    ($($name:ty),* $(,)?) => {{
        let config = ts_rs::Config::new().with_large_int("number");
        [$(<$name as TS>::docs().unwrap_or_default() + "export " + &<$name as TS>::decl(&config)),*].join("\n\n")
    }};
}

fn typescript() -> String {
    let types = declare!(
        ClientFrame,
        client::Join,
        client::Leave,
        client::Send,
        client::Edit,
        client::Delete,
        client::React,
        client::History,
        client::Typing,
        client::Ping,
        client::Position,
        ServerFrame,
        server::Joined,
        server::Left,
        server::LeftReason,
        LogEvent,
        log::Message,
        log::Reaction,
        log::Change,
        log::ChangeKind,
        log::Notice,
        log::NoticeKind,
        server::Presence,
        server::PresenceEvent,
        server::TypingNotice,
        server::HistoryPage,
        server::Ack,
        server::Pong,
        server::RoomState,
        server::ErrorFrame,
        Person,
        ErrorCode,
        NewSession,
        Session,
        NewRoom,
        RoomUpdate,
        Visibility,
        Room,
        RoomList,
        LogPage,
        Problem,
        text::RoomId,
        text::FrameId,
        text::Text,
        text::Emoji,
        text::PersonName,
        text::RoomName,
        text::Topic,
    );
    format!("// Generated from handlers/protocol by `npm run generate`.\n\n{types}\n")
}

/// The schemas of all types, referring to each other under `path`.
fn schemas(path: &str) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = path.to_owned().into();
    let mut generator = settings.into_generator();
    generator.subschema_for::<ClientFrame>();
    generator.subschema_for::<ServerFrame>();
    generator.subschema_for::<NewSession>();
    generator.subschema_for::<Session>();
    generator.subschema_for::<NewRoom>();
    generator.subschema_for::<RoomUpdate>();
    generator.subschema_for::<Room>();
    generator.subschema_for::<RoomList>();
    generator.subschema_for::<LogPage>();
    generator.subschema_for::<Problem>();
    json!(generator.take_definitions(true))
}

fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Parlor",
        "$defs": schemas("/$defs"),
    })
}

fn openapi() -> Value {
    let answer = |description: &str, name: &str| {
        json!({
            "description": description,
            "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } },
        })
    };
    let body = |name: &str| {
        json!({
            "required": true,
            "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } },
        })
    };
    let problem = json!({ "$ref": "#/components/responses/Problem" });
    let room_id = json!({ "name": "roomId", "in": "path", "required": true, "schema": { "type": "string" } });
    let query = |name: &str, schema: Value| json!({ "name": name, "in": "query", "schema": schema });
    let page_size =
        |max: u32, default: u32| json!({ "type": "integer", "minimum": 1, "maximum": max, "default": default });
    let seq = json!({ "type": "integer", "minimum": 0 });
    let token = json!([{ "token": [] }]);
    let token_or_none = json!([{ "token": [] }, {}]);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Parlor",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT", "identifier": "MIT" },
            "description": "What is not live: sessions, rooms and pages of messages. The live part is in asyncapi.json.",
        },
        "servers": [{ "url": "/api" }],
        "paths": {
            "/sessions": { "post": {
                "operationId": "createSession", "summary": "Become a guest who stays the same person over reconnects",
                "requestBody": body("NewSession"),
                "responses": { "201": answer("The identity and its token", "Session"), "default": problem },
            } },
            "/me": { "get": {
                "operationId": "getMe", "summary": "Whom the token proves",
                "security": token,
                "responses": { "200": answer("The person", "Person"), "default": problem },
            } },
            "/rooms": {
                "post": {
                    "operationId": "createRoom", "summary": "Make a room; with a token, its person owns the room",
                    "security": token_or_none,
                    "requestBody": body("NewRoom"),
                    "responses": { "201": answer("The room", "Room"), "default": problem },
                },
                "get": {
                    "operationId": "listRooms", "summary": "The open public rooms, most recently active first",
                    "parameters": [
                        query("limit", page_size(limits::LOBBY_ROOMS, limits::LOBBY_ROOMS_DEFAULT)),
                        query("cursor", json!({ "type": "string" })),
                    ],
                    "responses": { "200": answer("A page of rooms", "RoomList"), "default": problem },
                },
            },
            "/rooms/{roomId}": {
                "parameters": [room_id],
                "get": {
                    "operationId": "getRoom", "summary": "Describe a room",
                    "responses": { "200": answer("The room", "Room"), "default": problem },
                },
                "patch": {
                    "operationId": "updateRoom", "summary": "Change a room's name or topic; its owner only",
                    "security": token,
                    "requestBody": body("RoomUpdate"),
                    "responses": { "200": answer("The room", "Room"), "default": problem },
                },
                "delete": {
                    "operationId": "closeRoom", "summary": "Close a room and delete its messages; its owner only",
                    "security": token,
                    "responses": { "204": { "description": "It is closed" }, "default": problem },
                },
            },
            "/rooms/{roomId}/messages": {
                "parameters": [room_id],
                "get": {
                    "operationId": "listMessages",
                    "summary": "A page of the log before or after a number; with neither, the newest",
                    "parameters": [
                        query("before", seq.clone()),
                        query("after", seq),
                        query("limit", page_size(limits::PAGE_MESSAGES, limits::PAGE_MESSAGES_DEFAULT)),
                    ],
                    "responses": { "200": answer("A page of the log", "LogPage"), "default": problem },
                },
                "delete": {
                    "operationId": "clearRoom", "summary": "Delete what was said and start the log anew; the room's owner only",
                    "security": token,
                    "responses": { "204": { "description": "It is empty" }, "default": problem },
                },
            },
        },
        "components": {
            "schemas": schemas("/components/schemas"),
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "responses": { "Problem": {
                "description": "What went wrong",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            } },
        },
    })
}

fn asyncapi() -> Value {
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Parlor",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT" },
            "description": "The live part: frames over a WebSocket. docs/protocol.md says what they promise.",
        },
        "channels": { "socket": {
            "address": "/ws",
            "messages": {
                "client": { "payload": { "$ref": "#/components/schemas/ClientFrame" } },
                "server": { "payload": { "$ref": "#/components/schemas/ServerFrame" } },
            },
        } },
        "operations": {
            "receive": {
                "action": "receive", "channel": { "$ref": "#/channels/socket" },
                "messages": [{ "$ref": "#/channels/socket/messages/client" }],
            },
            "send": {
                "action": "send", "channel": { "$ref": "#/channels/socket" },
                "messages": [{ "$ref": "#/channels/socket/messages/server" }],
            },
        },
        "components": { "schemas": schemas("/components/schemas") },
    })
}
