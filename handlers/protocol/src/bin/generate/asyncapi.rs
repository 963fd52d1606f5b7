//! AsyncAPI: the frames on the WebSocket.

use parlor_protocol::client::ClientFrame;
use parlor_protocol::server::ServerFrame;
use serde_json::{Value, json};

use crate::schema::schemas;

pub fn asyncapi() -> Value {
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Parlor",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT", "url": "https://spdx.org/licenses/MIT.html" },
            "description": "Frames on a WebSocket. docs/protocol.md describes what they guarantee.",
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
