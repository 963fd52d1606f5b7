//! Writes the descriptions of the protocol that are not Rust: JSON Schema, OpenAPI and AsyncAPI into `docs/protocol`,
//! the client's TypeScript types into `client/src/protocol.ts`. Called by `npm run generate`.

#![allow(clippy::expect_used, reason = "a tool for developers: it may stop with what went wrong")]

use std::path::Path;

use parlor_protocol::blank::shows_nothing;
use parlor_protocol::client::{self, ClientFrame};
use parlor_protocol::emoji::bare;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::{Clearing, NewRoom, NewSession, Problem, Room, RoomList, RoomUpdate, Session, Visibility};
use parlor_protocol::log::{self, LogEvent, LogPage};
use parlor_protocol::person::Person;
use parlor_protocol::server::{self, ServerFrame};
use parlor_protocol::{limits, text};
use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, RemoveRefSiblings};
use serde_json::{Value, json};
use ts_rs::TS;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let pretty = |value: Value| serde_json::to_string_pretty(&value).expect("JSON can be written") + "\n";
    let files = [
        ("docs/protocol/schema.json", pretty(schema())),
        ("docs/protocol/openapi.json", pretty(openapi())),
        ("docs/protocol/asyncapi.json", pretty(asyncapi())),
        ("docs/protocol/blank.json", blank()),
        ("handlers/protocol/src/emoji.txt", recommended_emoji()),
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
        server::Voids,
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
        Clearing,
        Problem,
        text::RoomId,
        text::FrameId,
        text::Text,
        text::Emoji,
        text::PersonName,
        text::RoomName,
        text::Topic,
    );
    format!("// Generated from handlers/protocol by `npm run generate`.\n\n{}\n{types}\n", typescript_limits())
}

/// Returns the limits that the client and the page check or use themselves.
fn typescript_limits() -> String {
    let milliseconds = |duration: std::time::Duration| duration.as_millis();
    let limits = json!({
        "frameBytes": limits::FRAME_BYTES,
        "textLength": text::Text::MAX,
        "personNameLength": text::PersonName::MAX,
        "roomNameLength": text::RoomName::MAX,
        "topicLength": text::Topic::MAX,
        "pageEvents": limits::PAGE_MESSAGES,
        "defaultPageEvents": limits::PAGE_MESSAGES_DEFAULT,
        "lobbyRooms": limits::LOBBY_ROOMS,
        "defaultLobbyRooms": limits::LOBBY_ROOMS_DEFAULT,
        "roomsPerPerson": limits::ROOMS_PER_PERSON,
        "leaseMs": milliseconds(limits::LEASE),
        "idempotencyMs": milliseconds(limits::SEND_ONCE),
    });
    let lines: String =
        limits.as_object().into_iter().flatten().map(|(name, limit)| format!("  {name}: {limit},\n")).collect();
    let unit = "Sizes in bytes, lengths in Unicode scalar values, durations in milliseconds.";
    format!("/** Limits of the protocol. {unit} */\nexport const limits = {{\n{lines}}} as const;\n")
}

/// The schemas of these types and of what they refer to, which they do under `path`.
macro_rules! schemas {
    ($path:literal, $($name:ty),* $(,)?) => {{
        let mut settings = SchemaSettings::draft2020_12()
            .with_transform(RecursiveTransform(known_formats))
            // AsyncAPI passes over what stands beside a reference.
            .with_transform(RemoveRefSiblings::default());
        settings.definitions_path = $path.into();
        let mut generator = settings.into_generator();
        $(generator.subschema_for::<$name>();)*
        json!(generator.take_definitions(true))
    }};
}

/// Numbers in the formats that OpenAPI has: other ones stop some tools, and mislead others.
fn known_formats(schema: &mut Schema) {
    let known = match schema.get("format").and_then(Value::as_str) {
        Some("uint64") => "int64",
        Some("uint" | "uint32" | "uint16") => "int32",
        _ => return,
    };
    schema.insert("format".into(), known.into());
}

/// The characters that show nothing, as ranges of code points, both ends included.
fn blank() -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for code in ('\0'..=char::MAX).filter(|&c| shows_nothing(c)).map(u32::from) {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == code => *last = code,
            _ => ranges.push((code, code)),
        }
    }
    let lines: Vec<_> = ranges.iter().map(|(first, last)| format!("  [\"{first:04X}\", \"{last:04X}\"]")).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

fn recommended_emoji() -> String {
    let mut all: Vec<&str> = emojis::iter()
        .flat_map(|emoji| emoji.skin_tones().map_or(vec![emoji], Iterator::collect))
        .map(emojis::Emoji::as_str)
        .collect();
    all.sort_by(|one, other| bare(one).cmp(bare(other)));
    all.join("\n") + "\n"
}

fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:parlor:protocol",
        "title": "Parlor",
        "description": "Any frame: what a client sends, or what Parlor does. The bodies of the HTTP API are among the definitions.",
        "anyOf": [{ "$ref": "#/$defs/ClientFrame" }, { "$ref": "#/$defs/ServerFrame" }],
        "$defs": schemas!(
            "/$defs", ClientFrame, ServerFrame, NewSession, Session, NewRoom, RoomUpdate, Room, RoomList, LogPage, Clearing, Problem,
        ),
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
    let deleting = json!({
        "description": "Nobody can read the log any more, but a part of it is still to be deleted: the same request again goes on",
    });
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
        "servers": [{
            "url": "{site}/api",
            "description": "A stage, under the address of its page",
            "variables": { "site": { "default": "https://chat.example.org", "description": "The stack's output SiteUrl" } },
        }],
        "security": [],
        "paths": {
            "/sessions": { "post": {
                "operationId": "createSession", "summary": "Become a guest who stays the same person over reconnects",
                "requestBody": body("NewSession"),
                "responses": { "201": answer("The identity and its token", "Session"), "4XX": problem, "5XX": problem },
            } },
            "/me": { "get": {
                "operationId": "getMe", "summary": "Whom the token proves",
                "security": token,
                "responses": { "200": answer("The person", "Person"), "4XX": problem, "5XX": problem },
            } },
            "/rooms": {
                "post": {
                    "operationId": "createRoom", "summary": "Make a room; with a token, its person owns the room",
                    "security": token_or_none,
                    "requestBody": body("NewRoom"),
                    "responses": { "201": answer("The room", "Room"), "4XX": problem, "5XX": problem },
                },
                "get": {
                    "operationId": "listRooms", "summary": "The open public rooms, most recently active first",
                    "parameters": [
                        query("limit", page_size(limits::LOBBY_ROOMS, limits::LOBBY_ROOMS_DEFAULT)),
                        query("cursor", json!({ "type": "string" })),
                    ],
                    "responses": { "200": answer("A page of rooms", "RoomList"), "4XX": problem, "5XX": problem },
                },
            },
            "/rooms/{roomId}": {
                "parameters": [room_id],
                "get": {
                    "operationId": "getRoom", "summary": "Describe a room",
                    "responses": { "200": answer("The room", "Room"), "4XX": problem, "5XX": problem },
                },
                "patch": {
                    "operationId": "updateRoom", "summary": "Change a room's name or topic; its owner only",
                    "security": token,
                    "requestBody": body("RoomUpdate"),
                    "responses": { "200": answer("The room", "Room"), "4XX": problem, "5XX": problem },
                },
                "delete": {
                    "operationId": "closeRoom", "summary": "Close a room and delete its messages; its owner only",
                    "security": token,
                    "responses": { "204": { "description": "It is closed, and its log deleted" }, "202": deleting, "4XX": problem, "5XX": problem },
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
                    "responses": { "200": answer("A page of the log", "LogPage"), "4XX": problem, "5XX": problem },
                },
                "delete": {
                    "operationId": "clearRoom", "summary": "Delete what was said and start the log anew; the room's owner only",
                    "security": token,
                    "parameters": [query("epoch", json!({
                        "type": "string",
                        "description": "Which log: the room's present one unless given. One that is over only goes on being deleted",
                    }))],
                    "responses": { "204": { "description": "The log is deleted" }, "202": answer("Nobody can read the log any more, but a part of it is still to be deleted: the same request with this epoch goes on", "Clearing"), "4XX": problem, "5XX": problem },
                },
            },
        },
        "components": {
            "schemas": schemas!(
                "/components/schemas", NewSession, Session, NewRoom, RoomUpdate, Room, RoomList, LogPage, Clearing, Person, Problem,
            ),
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
            "license": { "name": "MIT", "url": "https://spdx.org/licenses/MIT.html" },
            "description": "The live part: frames over a WebSocket. docs/protocol.md says what they promise.",
        },
        "servers": { "stage": {
            "host": "{host}",
            "protocol": "wss",
            "description": "A stage, at the host of its page",
            "variables": { "host": { "default": "chat.example.org", "description": "The host in the stack's output WebSocketUrl" } },
        } },
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
        "components": { "schemas": schemas!("/components/schemas", ClientFrame, ServerFrame) },
    })
}
